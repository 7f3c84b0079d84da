"""Transcribe's stream as its stand-in serves it: to our own client, and to clients that do not keep its rules."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.credentials import Credentials
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from embedded.aws.event_stream import Frames
from embedded.aws.wire import Message
from embedded.engine_process import EngineMissing
from embedded.transcribe.engine import Engine, Heard, HeardWord
from embedded.transcribe.listening import BYTES_A_SECOND, Listening, Result
from embedded.transcribe.streaming import PATH, TranscribeStreaming
from shared.adapters.aws.event_stream import frame
from shared.adapters.aws.transcribe_stream import TranscribeStream, presigned
from tests.embedded.conftest import Cloud

KEYS = Credentials("test", "test")
SECOND = bytes(BYTES_A_SECOND)
AUDIO = {":message-type": "event", ":event-type": "AudioEvent"}
QUERY = b"language-code=en-US&media-encoding=pcm&sample-rate=16000&X-Amz-Signature=ab"


def test_words_come_while_they_are_said_and_then_for_good(embedded_cloud: Cloud) -> None:
    polly = embedded_cloud.client("polly")
    text = "I would like a cup of coffee, please."
    spoken = polly.synthesize_speech(VoiceId="Joanna", Text=text, OutputFormat="pcm")["AudioStream"].read()
    partial_came = threading.Event()

    def sounds() -> Iterator[bytes]:
        yield spoken[: len(spoken) // 2]
        partial_came.wait(14.0)  # the second half is said when some of the first was heard
        yield spoken[len(spoken) // 2 :]

    stream = TranscribeStream(lambda: presigned(KEYS, "us-east-1", f"http://127.0.0.1:{embedded_cloud.process.port}"))
    assert list(stream.hear([SECOND], seconds=60.0)) == []  # and from now on the process is there
    told = []
    for segment in stream.hear(sounds(), seconds=60.0):
        told.append(segment)
        partial_came.set()

    assert told[0].is_partial
    assert not told[-1].is_partial
    assert {one.id for one in told} == {told[0].id}
    assert {"would", "like", "coffee"} <= {word.text for word in told[-1].words}


def test_pages_and_strangers_are_not_let_in(embedded_cloud: Cloud) -> None:
    signed = presigned(KEYS, "us-east-1", f"http://127.0.0.1:{embedded_cloud.process.port}")
    for address, headers in (
        (signed, {"Origin": "http://example.com"}),
        (signed.replace(PATH, "/elsewhere"), {}),
        (signed.partition("&X-Amz-Signature")[0], {}),
    ):
        with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, proxy=None):
            pass


class Hearing(Engine):
    """Hears "one two three …", a word for each second of sound that is not silence."""

    def __init__(self, problem: Exception | None = None) -> None:
        super().__init__()
        self.problem = problem

    async def hear(self, content: bytes, media_format: str, *, hurried: bool = False) -> Heard:
        if self.problem is not None:
            raise self.problem
        seconds = [at // BYTES_A_SECOND for at in range(0, len(content), BYTES_A_SECOND) if content[at]]
        words = [HeardWord(f"w{second}", float(second), second + 1.0, 0.9) for second in seconds]
        return Heard(words, [(word.start, word.end) for word in words])


def talked(*messages: Message, engine: Engine | None = None, query: bytes = QUERY, **options: Any) -> list[Any]:
    """Return what the stand-in sends to a client that sends messages; a number instead is the code of its closing."""

    async def run() -> list[Any]:
        sent: list[Any] = []
        coming = asyncio.Queue[Message]()
        for message in ({"type": "websocket.connect"}, *messages):
            coming.put_nowait(message)

        async def send(message: Message) -> None:
            if message["type"] == "websocket.send":
                sent.extend(json.loads(payload) | {"name": name} for name, payload in decoded(message["bytes"]))
            elif message["type"] == "websocket.close":
                sent.append(message["code"])

        scope = {"type": "websocket", "method": "GET", "path": PATH, "headers": [], "query_string": query}
        await TranscribeStreaming(engine or Hearing(), **options)(scope, coming.get, send)
        return sent

    return asyncio.run(run())


def decoded(content: bytes) -> list[tuple[str, bytes]]:
    return Frames().payloads(content)


def audio(sound: bytes) -> Message:
    return {"type": "websocket.receive", "bytes": frame(AUDIO, sound)}


def test_an_empty_frame_ends_it_well() -> None:
    *told, code = talked(audio(b"\1" * BYTES_A_SECOND), audio(b""))
    (result,) = told[-1]["Transcript"]["Results"]

    assert code == 1000
    assert (result["IsPartial"], result["Alternatives"][0]["Transcript"]) == (False, "w0")
    assert result["Alternatives"][0]["Items"] == [
        {"StartTime": 0.0, "EndTime": 1.0, "Type": "pronunciation", "Content": "w0", "Confidence": 0.9}
    ]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"type": "websocket.receive", "text": "hello"}, "binary"),
        ({"type": "websocket.receive", "bytes": bytes(200_000)}, "at most"),
        ({"type": "websocket.receive", "bytes": b"\0" * 64}, "broken"),
        ({"type": "websocket.receive", "bytes": frame({":event-type": "Other"}, b"x")}, "Only AudioEvent"),
    ],
)
def test_what_is_no_sound_is_refused(message: Message, reason: str) -> None:
    told, code = talked(message)
    assert reason in told["message"]
    assert code == 1000


@pytest.mark.parametrize(
    "query", [QUERY.replace(b"16000", b"8000"), QUERY.replace(b"pcm", b"flac"), b"X-Amz-Signature=a"]
)
def test_only_what_it_can_hear_is_promised(query: bytes) -> None:
    told, _ = talked(query=query)
    assert "This stand-in takes" in told["message"]


def test_too_many_streams_are_refused() -> None:
    told, _ = talked(at_once=0)
    assert "too many" in told["message"]


def test_a_client_that_says_nothing_is_let_go() -> None:
    told, _ = talked(patience=0.05)
    assert "no new audio" in told["message"]


def test_an_engine_that_is_missing_is_told_at_once() -> None:
    told, _ = talked(audio(SECOND), engine=Hearing(EngineMissing("pip install this")))
    assert told["message"] == "pip install this"


def test_a_pause_ends_a_segment_and_times_go_on() -> None:
    """Said: 11 s, a pause of 2 s, 1 s: two final results, whose words have the times of the whole."""

    async def run() -> list[Result]:
        told: list[Result] = []

        async def tell(result: Result) -> None:
            told.append(result)

        listening = Listening(Hearing(), tell)
        listening.add(b"\1" * (11 * BYTES_A_SECOND) + SECOND * 2)
        hearing = asyncio.create_task(listening.run())
        while not any(not one.is_partial for one in told):
            await asyncio.sleep(0)
        listening.add(b"\1" * BYTES_A_SECOND)
        listening.end()
        await hearing
        return told

    final = [one for one in asyncio.run(run()) if not one.is_partial]
    assert [len(one.words) for one in final] == [11, 1]
    assert final[0].end == 12.0
    assert final[1].words[0].start == 13.0
