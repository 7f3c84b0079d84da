"""Transcribe's stream: against the stand-in that really hears, and against an endpoint that answers as Amazon may."""

import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import copy_context
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from websockets.sync.server import ServerConnection, serve

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.audio_guard.live import LiveDecoder
from shared.adapters.aws.event_stream import frame
from shared.adapters.aws.live_listener import StreamListener
from shared.adapters.aws.transcribe_stream import Segment, TranscribeStream, presigned
from shared.adapters.aws.transcribers import Collected, StreamingTranscriber
from shared.adapters.sqs_transport.deadlines import set_deadline
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import Heard, Partial, TranscriberRefused
from tests.shared.adapters.recordings import recording

SECONDS = 5.0
KEYS = Credentials("key", "secret")

Answering = Callable[[ServerConnection, Iterator[bytes]], None]


def event(*results: dict[str, Any]) -> bytes:
    headers = {":message-type": "event", ":event-type": "TranscriptEvent", ":content-type": "application/json"}
    return frame(headers, json.dumps({"Transcript": {"Results": list(results)}}).encode())


def failure(name: str) -> bytes:
    return frame({":message-type": "exception", ":exception-type": name}, json.dumps({"Message": "why"}).encode())


def result(text: str, number: int = 1, *, partial: bool = False, confidence: float = 0.5) -> dict[str, Any]:
    items = [{"Type": "pronunciation", "Content": word, "Confidence": confidence} for word in text.split()]
    items.append({"Type": "punctuation", "Content": "."})
    return {"ResultId": f"r{number}", "IsPartial": partial, "Alternatives": [{"Transcript": text, "Items": items}]}


def sounds_of(socket: ServerConnection) -> Iterator[bytes]:
    """Give the sounds that come, decoded by botocore, until the empty one."""
    buffer: Any = EventStreamBuffer()
    for message in socket:
        buffer.add_data(message)
        for one in buffer:
            assert one.headers[":event-type"] == "AudioEvent"
            if not one.payload:
                return
            yield bytes(one.payload)


@contextmanager
def endpoint(answer: Answering, asked: list[str] | None = None) -> Iterator[TranscribeStream]:
    def handle(socket: ServerConnection) -> None:
        assert socket.request is not None
        if asked is not None:
            asked.append(socket.request.path)
        answer(socket, sounds_of(socket))

    with serve(handle, "127.0.0.1", 0, close_timeout=0.3) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.socket.getsockname()[1]
        yield TranscribeStream(lambda: presigned(KEYS, "ap-northeast-2", f"http://127.0.0.1:{port}"))
        server.shutdown()
        thread.join(5)


def segments(stream: TranscribeStream, sound: bytes = bytes(32_000)) -> list[Segment]:
    return list(stream.hear([sound], seconds=SECONDS))


def test_sounds_go_out_whole_and_segments_come_as_they_change() -> None:
    got: list[bytes] = []

    def answer(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
        got.append(next(sounds))
        socket.send(event(result("hello", partial=True)))
        got.extend(sounds)
        socket.send(event(result("Hello there"), result("Bye", 2)))

    asked: list[str] = []
    with endpoint(answer, asked) as stream:
        told = segments(stream, bytes(range(256)) * 100)

    assert b"".join(got) == bytes(range(256)) * 100
    assert max(map(len, got)) == 6400
    assert [(one.id, one.text, one.is_partial) for one in told] == [
        ("r1", "hello", True),
        ("r1", "Hello there", False),
        ("r2", "Bye", False),
    ]
    query = parse_qs(urlsplit(asked[0]).query)
    assert query["language-code"] == ["en-US"]
    assert query["X-Amz-Expires"] == ["300"]
    assert "/ap-northeast-2/transcribe/aws4_request" in query["X-Amz-Credential"][0]
    assert len(query["X-Amz-Signature"][0]) == 64


def test_amazon_s_own_address_is_its_port_of_streams() -> None:
    address = urlsplit(presigned(KEYS, "ap-northeast-2", None))
    assert (address.scheme, address.netloc) == ("wss", "transcribestreaming.ap-northeast-2.amazonaws.com:8443")


def before_sound(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    socket.send(failure("LimitExceededException"))


def in_the_middle(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    next(sounds)
    socket.send(event(result("half", partial=True)))
    socket.send(failure("InternalFailureException"))


def at_the_end(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    list(sounds)
    socket.send(event(result("all")))
    socket.send(failure("ServiceUnavailableException"))


def hung_up(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    next(sounds)
    socket.socket.close()


def closed_too_soon(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    next(sounds)
    socket.send(event(result("half")))
    socket.close()


def with_a_wrong_sum(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    list(sounds)
    broken = bytearray(event(result("all")))
    broken[-1] ^= 1
    socket.send(bytes(broken))


def in_another_shape(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    list(sounds)
    headers = {":message-type": "event", ":event-type": "TranscriptEvent"}
    socket.send(frame(headers, b'{"Transcript": {"Results": [{"ResultId": 1}]}}'))


def much_too_slow(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
    list(sounds)
    next(iter(socket), None)  # until the other side gives up


@pytest.mark.parametrize(
    "answer",
    [before_sound, in_the_middle, at_the_end, hung_up, closed_too_soon, with_a_wrong_sum, in_another_shape],
)
def test_whatever_breaks_off_may_be_tried_again(answer: Answering) -> None:
    with endpoint(answer) as stream, pytest.raises(Unavailable):
        segments(stream, bytes(3_200_000))


def test_patience_ends() -> None:
    began = time.monotonic()
    with endpoint(much_too_slow) as stream, pytest.raises(Unavailable):
        list(stream.hear([bytes(6400)], seconds=0.3))
    assert time.monotonic() - began < SECONDS


def test_a_job_s_deadline_ends_it_too() -> None:
    def hear(stream: TranscribeStream) -> None:
        set_deadline(0.3)
        list(stream.hear([bytes(6400)], seconds=60.0))

    with endpoint(much_too_slow) as stream, pytest.raises(Unavailable):
        copy_context().run(hear, stream)


def test_what_amazon_refuses_is_not_tried_again() -> None:
    def answer(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
        socket.send(failure("BadRequestException"))

    with endpoint(answer) as stream, pytest.raises(TranscriberRefused):
        segments(stream)


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        segments(TranscribeStream(lambda: "ws://127.0.0.1:9/"))


def test_an_error_of_whoever_speaks_ends_the_stream() -> None:
    def sounds() -> Iterator[bytes]:
        yield bytes(6400)
        raise RuntimeError("the microphone broke")

    def answer(socket: ServerConnection, coming: Iterator[bytes]) -> None:
        list(coming)

    with endpoint(answer) as stream, pytest.raises(RuntimeError, match="microphone"):
        list(stream.hear(sounds(), seconds=SECONDS))


def test_frames_are_as_botocore_reads_them() -> None:
    content = frame({":message-type": "event", "a": "ä" * 30}, bytes(range(256)))
    buffer: Any = EventStreamBuffer()
    buffer.add_data(content[:9])
    assert list(buffer) == []
    buffer.add_data(content[9:] + frame({}, b""))
    first, second = buffer

    assert first.headers == {":message-type": "event", "a": "ä" * 30}
    assert (first.payload, second.payload) == (bytes(range(256)), b"")
    assert struct.unpack("!I", content[:4])[0] == len(content)


class FreeSlots:
    def taking(self) -> AbstractContextManager[None]:
        return nullcontext()


class Bucket:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def content(self, key: str) -> bytes:
        return self._content


class Jobs:
    def __init__(self) -> None:
        self.keys: list[str] = []

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        self.keys.append(key)
        return Heard("by a job", 0.5, 1.0)


def transcriber(stream: TranscribeStream, seconds: float, jobs: Jobs) -> StreamingTranscriber:
    bucket: Any = Bucket(recording("webm", seconds))
    return StreamingTranscriber(stream, bucket, AudioGuard(), FreeSlots(), jobs)


def test_a_recording_is_heard_by_the_stream_with_its_words_as_they_come() -> None:
    def answer(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
        size = sum(map(len, sounds))
        socket.send(event(result("I like", partial=True)))
        socket.send(event(result("I like", partial=True)))
        socket.send(event(result("I like it.", confidence=0.9)))
        socket.send(event(result("Much.", 2, confidence=0.6)))
        assert size == pytest.approx(32_000, abs=2_000)

    told: list[str] = []
    jobs = Jobs()
    with endpoint(answer) as stream:
        heard = transcriber(stream, 1.0, jobs).hear("key", partial=told.append)

    assert heard.text == "I like it. Much."
    assert heard.confidence == pytest.approx((3 * 0.9 + 0.6) / 4)
    assert told == ["I like", "I like it.", "I like it. Much."]
    assert jobs.keys == []


def test_a_stream_that_breaks_off_twice_gives_way_to_a_job() -> None:
    asked: list[str] = []
    jobs = Jobs()
    with endpoint(in_the_middle, asked) as stream:
        heard = transcriber(stream, 1.0, jobs).hear("key")

    assert (heard.text, len(asked), jobs.keys) == ("by a job", 2, ["key"])


def test_a_long_recording_is_heard_by_a_job() -> None:
    jobs = Jobs()
    assert transcriber(TranscribeStream(lambda: "ws://127.0.0.1:9/"), 31.0, jobs).hear("key").text == "by a job"


def test_a_click_is_no_word() -> None:
    jobs = Jobs()
    heard = transcriber(TranscribeStream(lambda: "ws://127.0.0.1:9/"), 0.1, jobs).hear("key")
    assert (heard.text, jobs.keys) == ("", [])


def test_what_is_said_is_heard_while_it_comes() -> None:
    content, heard_early = recording("webm", 2.0), threading.Event()
    told: list[str] = []

    def answer(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
        next(sounds)
        socket.send(event(result("I like", partial=True)))
        list(sounds)
        socket.send(event(result("I like it.", confidence=0.9)))

    def tell(words: str) -> None:
        told.append(words)
        heard_early.set()

    def chunks() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        assert heard_early.wait(30)
        yield content[len(content) // 2 :]

    with endpoint(answer) as stream:
        heard = StreamListener(stream, LiveDecoder(), FreeSlots()).listen(chunks(), partial=tell)

    assert told == ["I like", "I like it."]
    assert (heard.text, heard.confidence) == ("I like it.", 0.9)
    assert heard.seconds == pytest.approx(2.0, abs=0.1)


def test_a_stream_that_ends_while_it_is_said_has_broken_off() -> None:
    content, closed = recording("ogg", 2.0), threading.Event()

    def answer(socket: ServerConnection, sounds: Iterator[bytes]) -> None:
        closed_too_soon(socket, sounds)
        closed.set()

    def chunks() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        assert closed.wait(30)
        yield content[len(content) // 2 :]

    with endpoint(answer) as stream, pytest.raises(Unavailable):
        StreamListener(stream, LiveDecoder(), FreeSlots()).listen(chunks(), partial=print)


@pytest.mark.parametrize("behaviour", [before_sound, in_the_middle, at_the_end, hung_up])
def test_a_stream_that_breaks_off_while_it_is_said_is_told(behaviour: Answering) -> None:
    with endpoint(behaviour) as stream, pytest.raises(Unavailable):
        StreamListener(stream, LiveDecoder(), FreeSlots()).listen([recording("ogg", 1.0)], partial=print)


def test_collected_segments_keep_the_order_in_which_they_began() -> None:
    collected = Collected()
    for one in (Segment("a", "One", [], True), Segment("b", "two", [], True), Segment("a", "One!", [], False)):
        collected.add(one)
    assert collected.heard(1.0) == Heard("One! two", None, 1.0)
