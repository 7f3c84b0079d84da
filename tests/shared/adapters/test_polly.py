"""The Speaker over HTTP, against an endpoint that answers as Polly does when it works and when it does not."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.polly import PollySpeaker, words_of
from shared.domains.voice.errors import SpeakerRefused, Unspeakable
from shared.domains.voice.models import Manner
from shared.kernel.errors import Unavailable
from shared.kernel.settings import read_settings

FRAME = bytes([0xFF, 0xF3, 0x64, 0xC4]) + bytes(140)
"""24 kHz, 48 kbit/s: 24 ms in 144 bytes."""
AUDIO = FRAME * 50
MATTHEW = Manner("Matthew")

Answer = tuple[int, dict[str, str], bytes]


class FakePolly(BaseHTTPRequestHandler):
    """Answers from a list, the last entry again and again."""

    answers: ClassVar[list[Callable[[dict[str, Any]], Answer]]] = []
    asked: ClassVar[list[dict[str, Any]]] = []
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        status, headers, body = answer(asked)
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "content-length" in headers

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Slots:
    def __init__(self) -> None:
        self.taken: list[int] = []
        self.now = 0

    def taking(self) -> AbstractContextManager[None]:
        @contextmanager
        def take() -> Iterator[None]:
            self.now += 1
            self.taken.append(self.now)
            yield
            self.now -= 1

        return take()


def speech(asked: dict[str, Any]) -> Answer:
    if asked["OutputFormat"] == "mp3":
        return 200, {"content-type": "audio/mpeg"}, AUDIO
    marks = [{"time": 0, "type": "word", "start": 0, "end": 5, "value": "Salt"}]
    marks += [{"time": 300, "type": "word", "start": 6, "end": 7, "value": "&amp;"}]
    marks += [{"time": 500, "type": "word", "start": 8, "end": 14, "value": "pepper"}]
    return 200, {}, "".join(f"{json.dumps(mark)}\n" for mark in marks).encode()


def refusal(code: str, status: int = 400) -> Callable[[dict[str, Any]], Answer]:
    return lambda _: (status, {"x-amzn-errortype": code}, b'{"message": "no"}')


def cut(_: dict[str, Any]) -> Answer:
    return 200, {"content-length": str(len(AUDIO))}, AUDIO[:1000]


def torn(_: dict[str, Any]) -> Answer:
    return 200, {}, AUDIO[:1000]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakePolly)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def polly_client(endpoint: str) -> Iterator[Any]:
    client = AwsClients(read_settings(aws_endpoint_url=endpoint)).client("polly")
    yield client
    client.close()


@pytest.fixture
def slots() -> Slots:
    return Slots()


@pytest.fixture
def speaker(polly_client: Any, slots: Slots, monkeypatch: pytest.MonkeyPatch) -> PollySpeaker:
    FakePolly.asked.clear()
    return PollySpeaker(polly_client, slots)


def answering(*answers: Callable[[dict[str, Any]], Answer]) -> None:
    FakePolly.answers[:] = answers


def test_a_text_is_audio_and_the_times_of_its_words(speaker: PollySpeaker, slots: Slots) -> None:
    answering(speech)
    spoken = speaker.speak("Salt & pepper", MATTHEW)

    assert (spoken.audio, spoken.duration_ms) == (AUDIO, 1200)
    times = [(word.text, word.start, word.end, word.start_ms, word.end_ms) for word in spoken.words]
    assert times == [("Salt", 0, 4, 0, 300), ("&", 5, 6, 300, 500), ("pepper", 7, 13, 500, 1200)]
    common = {"VoiceId": "Matthew", "Engine": "neural", "Text": "Salt & pepper", "TextType": "text"}
    assert FakePolly.asked == [
        common | {"OutputFormat": "mp3", "SampleRate": "24000"},
        common | {"OutputFormat": "json", "SpeechMarkTypes": ["word"]},
    ]
    assert (slots.taken, slots.now) == ([1, 1], 0)


def test_the_audio_is_heard_before_the_words_are_asked_for(speaker: PollySpeaker) -> None:
    answering(speech)
    heard: list[tuple[bytes, int]] = []
    speaker.speak("Salt & pepper", MATTHEW, heard=lambda audio: heard.append((audio, len(FakePolly.asked))))

    assert heard == [(AUDIO, 1)]


def test_another_speed_is_markup_in_which_the_text_stays_text(speaker: PollySpeaker) -> None:
    answering(speech)
    spoken = speaker.speak("Salt & <b>pepper", Manner("Joanna", "neural", 80))

    assert FakePolly.asked[0]["Text"] == '<speak><prosody rate="80%">Salt &amp; &lt;b&gt;pepper</prosody></speak>'
    assert FakePolly.asked[0]["TextType"] == "ssml"
    assert [word.text for word in spoken.words] == ["Salt", "&", "pepper"]


def test_a_voice_without_the_engine_speaks_by_the_standard_one(speaker: PollySpeaker) -> None:
    answering(refusal("EngineNotSupportedException"), speech)
    speaker.speak("Hello", MATTHEW)
    speaker.speak("Hello", MATTHEW)

    assert [asked["Engine"] for asked in FakePolly.asked] == ["neural"] + ["standard"] * 4
    answering(refusal("EngineNotSupportedException"))
    with pytest.raises(Unspeakable):
        speaker.speak("Hello", MATTHEW)
    with pytest.raises(Unspeakable):
        speaker.speak("Hello", Manner("Joanna", "standard"))


@pytest.mark.parametrize(
    "answer",
    [refusal("ThrottlingException"), refusal("ServiceFailureException", 500), cut, torn],
    ids=["throttled", "fault", "cut short", "torn"],
)
def test_what_passes_is_unavailable(answer: Any, speaker: PollySpeaker, slots: Slots) -> None:
    answering(answer)
    with pytest.raises(Unavailable):
        speaker.speak("Hello", MATTHEW)
    assert len(FakePolly.asked) == (1 if answer in (cut, torn) else 3)


def test_throttling_that_ends_is_not_noticed(speaker: PollySpeaker) -> None:
    answering(refusal("ThrottlingException"), speech)
    assert speaker.speak("Salt", MATTHEW).duration_ms == 1200


@pytest.mark.parametrize("code", ["TextLengthExceededException", "ValidationException", "InvalidSsmlException"])
def test_what_can_never_be_spoken_is_asked_once(code: str, speaker: PollySpeaker) -> None:
    answering(refusal(code))
    with pytest.raises(Unspeakable):
        speaker.speak("Hello", MATTHEW)
    assert len(FakePolly.asked) == 1


def test_without_permission_it_is_refused_once(speaker: PollySpeaker) -> None:
    answering(refusal("AccessDeniedException", 403))
    with pytest.raises(SpeakerRefused):
        speaker.speak("Hello", MATTHEW)
    assert len(FakePolly.asked) == 1


def test_what_boto3_itself_refuses_is_refused(speaker: PollySpeaker) -> None:
    answering(speech)
    with pytest.raises(SpeakerRefused):
        speaker.speak(None, MATTHEW)  # type: ignore[arg-type]


def test_marks_that_are_not_json_are_a_broken_answer(speaker: PollySpeaker) -> None:
    answering(speech, lambda _: (200, {}, b"{half"))
    with pytest.raises(Unavailable):
        speaker.speak("Hello", MATTHEW)


def test_marks_that_are_not_in_the_text_are_passed_over() -> None:
    marks = [{"type": "sentence", "time": 0, "value": "Hi"}, {"type": "word", "time": 5, "value": "Nobody"}]
    assert words_of("Hi", marks, 100) == []


def test_nobody_there_is_unavailable() -> None:
    client = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1")).client("polly")
    with pytest.raises(Unavailable):
        PollySpeaker(client, Slots()).speak("Hello", MATTHEW)
    client.close()
