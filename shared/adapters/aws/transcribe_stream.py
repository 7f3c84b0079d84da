"""Amazon Transcribe's streaming form: one WebSocket a recording, on an address that botocore signs.

boto3 has no streaming; Amazon's package for it needs Python 3.12 and asyncio. The address is presigned by botocore's
own signer (Signature Version 4, in the query), frames are decoded by botocore's own decoder.
"""

import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import orjson
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.eventstream import EventStreamBuffer, ParserError
from botocore.exceptions import BotoCoreError
from websockets.exceptions import ConnectionClosedOK, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from shared.adapters.aws.event_stream import frame
from shared.adapters.deadlines import call_seconds
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import TranscriberRefused

RATE = 16_000
CHUNK_BYTES = 6_400
"""A fifth of a second: Amazon asks for 50 to 200 ms a frame."""
LANGUAGE = "en-US"
_PATH = "/stream-transcription-websocket"
_SERVICE = "transcribe"
_GOOD_FOR_SECONDS = 300
_OPEN_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
_AUDIO = {":message-type": "event", ":event-type": "AudioEvent", ":content-type": "application/octet-stream"}
_LASTING = frozenset({"BadRequestException", "AccessDeniedException", "UnrecognizedClientException"})
_REFUSED_STATUSES = frozenset({400, 401, 403})
_BROKEN = (ParserError, LookupError, TypeError, ValueError, struct.error)


class Word(NamedTuple):
    """A word with Amazon's confidence, from 0 to 1."""

    text: str
    confidence: float


class Segment(NamedTuple):
    """A part of what is said; a later one of the same `id` takes its place while it is partial."""

    id: str
    text: str
    words: list[Word]
    is_partial: bool


class TranscribeStream:
    """Opens streams; safe to use from any thread, one stream a call."""

    def __init__(self, address: Callable[[], str], *, open_seconds: float = _OPEN_SECONDS) -> None:
        """Use presigned addresses: one a stream."""
        self._address, self._open_seconds = address, open_seconds

    def hear(self, sounds: Iterable[bytes], *, seconds: float) -> Iterator[Segment]:
        """Give segments as they come, while sounds (16-bit samples of one channel at 16 kHz) are sent beside it.

        It ends when Amazon has closed the stream after the last sound; all of it takes at most so many seconds.

        Raises:
            Unavailable: nobody answers, or the stream broke off, at whatever point; all of it may be tried again.
            TranscriberRefused: our permissions or settings are wrong.
        """
        sent = threading.Event()
        with self._opened() as socket, _sending(socket, sounds, sent):
            yield from _received(socket, call_seconds(seconds))
            if not sent.is_set():
                raise _unavailable()  # closed well, before all was said

    @contextmanager
    def _opened(self) -> Iterator[ClientConnection]:
        try:
            address = self._address()
        except BotoCoreError as problem:
            raise TranscriberRefused from problem
        patience = call_seconds(self._open_seconds)
        try:
            with connect(
                address, open_timeout=patience, close_timeout=_CLOSE_SECONDS, compression=None, proxy=None
            ) as socket:
                yield socket
        except InvalidStatus as problem:
            is_ours = problem.response.status_code in _REFUSED_STATUSES
            raise (TranscriberRefused() if is_ours else _unavailable()) from problem
        except (OSError, WebSocketException, TimeoutError) as problem:
            raise _unavailable() from problem


def presigned(credentials: Any, region: str, endpoint: str | None) -> str:
    """Return an address for one stream: Amazon's own in a region, or one of the same protocol at an endpoint."""
    place = urlsplit(endpoint or f"https://transcribestreaming.{region}.amazonaws.com:8443")
    asked = urlencode({"language-code": LANGUAGE, "media-encoding": "pcm", "sample-rate": RATE})
    request = AWSRequest("GET", f"{place.scheme}://{place.netloc}{_PATH}?{asked}")
    SigV4QueryAuth(credentials, _SERVICE, region, expires=_GOOD_FOR_SECONDS).add_auth(request)
    return str(request.url).replace("http", "ws", 1)


@contextmanager
def _sending(socket: ClientConnection, sounds: Iterable[bytes], sent: threading.Event) -> Iterator[None]:
    """Send sounds in a thread while the block runs, then their end; an error of the source ends the socket."""
    problems: list[BaseException] = []

    def send() -> None:
        try:
            for sound in sounds:
                for at in range(0, len(sound), CHUNK_BYTES):
                    socket.send(frame(_AUDIO, sound[at : at + CHUNK_BYTES]))
            sent.set()
            socket.send(frame(_AUDIO, b""))
        except WebSocketException:
            return  # the receiving side learns of it too
        except Exception as problem:  # a fault of the source of sounds: raised on the receiving side
            problems.append(problem)
            socket.close()

    thread = threading.Thread(target=send, name="transcribe-sounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        socket.close()
        thread.join(_OPEN_SECONDS)
        if problems:
            raise problems[0]


def _received(socket: ClientConnection, seconds: float) -> Iterator[Segment]:
    buffer: Any = EventStreamBuffer()
    for message in _messages(socket, seconds):
        try:
            buffer.add_data(message if isinstance(message, bytes) else message.encode())
            events = [(dict(event.headers), event.payload) for event in buffer]
            for headers, payload in events:
                yield from _segments(headers, payload)
        except _BROKEN as problem:
            raise _unavailable() from problem


def _messages(socket: ClientConnection, seconds: float) -> Iterator[bytes | str]:
    """Give what comes until the stream is closed well. Raises TimeoutError after so many seconds."""
    until = time.monotonic() + seconds
    try:
        while True:
            yield socket.recv(timeout=max(0.0, until - time.monotonic()))
    except ConnectionClosedOK:
        return


def _segments(headers: dict[str, Any], payload: bytes) -> list[Segment]:
    told = orjson.loads(payload)
    if headers.get(":message-type") != "event":
        name = str(headers.get(":exception-type"))
        raise (TranscriberRefused() if name in _LASTING else _unavailable()) from TranscribeProblem(name, told)
    return [_segment(result) for result in told["Transcript"]["Results"]]


class TranscribeProblem(Exception):
    """Amazon's name of the fault and its reason, for the log."""


def _segment(result: Any) -> Segment:
    best = result["Alternatives"][0]
    words = [
        Word(str(item["Content"]), float(item.get("Confidence", 0.0)))
        for item in best.get("Items", ())
        if item["Type"] == "pronunciation"
    ]
    return Segment(str(result["ResultId"]), str(best["Transcript"]).strip(), words, bool(result["IsPartial"]))


def _unavailable() -> Unavailable:
    return Unavailable("The recording could not be heard. Please try again.", "녹음을 듣지 못했습니다.")
