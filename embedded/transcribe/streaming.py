"""Transcribe's streaming form over a WebSocket: frames of sound come in, frames of results go out, as at Amazon.

The address is presigned; sound is PCM of 16-bit samples at 16 kHz, in frames of at most 128 KiB. An empty frame ends
the sound: the last results follow, and the socket is closed.
"""

import asyncio
from typing import Any
from uuid import uuid4

from embedded.aws.event_stream import BrokenStream, Frames, event, failure
from embedded.aws.wire import Message, Receive, Scope, Send, read_head
from embedded.engine_process import EngineFailed, EngineMissing
from embedded.transcribe.engine import Engine
from embedded.transcribe.jobs import SPOKEN, items_of
from embedded.transcribe.listening import BYTES_A_SECOND, Listening, Result

PATH = "/stream-transcription-websocket"
AT_ONCE = 8
"""Streams that share the one recogniser; more are refused, as by Amazon's own quota."""
LARGEST_MESSAGE = 128 * 1024
LONGEST_SECONDS = 300
SILENT_SECONDS = 15.0
_NORMAL, _POLICY = 1000, 1008
_ASKED = {"language-code": "en-US", "media-encoding": "pcm", "sample-rate": "16000"}


class Refused(Exception):
    """An answer that is an exception, by AWS's name of it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.frame = failure(name, message)


class TranscribeStreaming:
    """The stand-in: call it with an ASGI connection of a WebSocket."""

    def __init__(self, engine: Engine, *, at_once: int = AT_ONCE, patience: float = SILENT_SECONDS) -> None:
        """Hear by the engine that batch jobs use too; `patience` is how many seconds may pass without sound."""
        self._engine, self._at_once, self._patience = engine, at_once, patience
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream, to its end."""
        await receive()
        if not read_head(scope).signed:
            await send({"type": "websocket.close", "code": _POLICY})
            return
        await send({"type": "websocket.accept"})
        self._streams += 1
        try:
            await self._served(scope, receive, send)
        except Refused as refusal:
            await send({"type": "websocket.send", "bytes": refusal.frame})
        finally:
            self._streams -= 1
        await send({"type": "websocket.close", "code": _NORMAL})

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._require_possible(scope)
        stream = uuid4().hex

        async def told(result: Result) -> None:
            await send({"type": "websocket.send", "bytes": event("TranscriptEvent", _described(stream, result))})

        listening = Listening(self._engine, told)
        hearing = asyncio.create_task(listening.run())
        try:
            await self._taken(listening, hearing, receive)
            await hearing
        except EngineMissing as problem:
            raise Refused("ServiceUnavailableException", str(problem)) from problem
        except EngineFailed as problem:
            raise Refused("InternalFailureException", str(problem)) from problem
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    def _require_possible(self, scope: Scope) -> None:
        asked = {name: values[0] for name, values in read_head(scope).query.items()}
        for name, wanted in _ASKED.items():
            if asked.get(name) != wanted:
                raise Refused("BadRequestException", f"This stand-in takes {name}={wanted}.")
        if self._streams > self._at_once:
            raise Refused("LimitExceededException", "You have too many concurrent streams. Try again later.")

    async def _taken(self, listening: Listening, hearing: asyncio.Task[None], receive: Receive) -> None:
        """Take frames until the empty one, or until hearing failed or the client is gone."""
        frames, size = Frames(), 0
        while not hearing.done():
            for sound in _sounds(frames, await self._message(receive, hearing)):
                if not sound:
                    listening.end()
                    return
                size += len(sound)
                if size > LONGEST_SECONDS * BYTES_A_SECOND:
                    raise Refused("LimitExceededException", f"This stand-in hears at most {LONGEST_SECONDS} seconds.")
                listening.add(sound)

    async def _message(self, receive: Receive, hearing: asyncio.Task[None]) -> Message:
        """Return what comes next; raises what hearing raised, if that is sooner."""
        coming = asyncio.ensure_future(receive())
        await asyncio.wait({coming, hearing}, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            return coming.result()
        coming.cancel()
        if hearing.done():
            hearing.result()
        message = f"Your request timed out because no new audio was received for {self._patience:g} seconds."
        raise Refused("BadRequestException", message)


def _sounds(frames: Frames, message: Message) -> list[bytes]:
    """Return the sounds of the frames in a message; one that was hung up ends as if it had no more."""
    if message["type"] == "websocket.disconnect":
        return [b""]
    content = message.get("bytes") or b""
    if not content or len(content) > LARGEST_MESSAGE:
        raise Refused("BadRequestException", f"A message is binary, and has at most {LARGEST_MESSAGE} bytes.")
    try:
        payloads = frames.payloads(content)
    except BrokenStream as problem:
        raise Refused("BadRequestException", f"The frame is broken: {problem}") from problem
    if any(name != "AudioEvent" for name, _ in payloads):
        raise Refused("BadRequestException", "Only AudioEvent is known.")
    return [payload for _, payload in payloads]


def _described(stream: str, result: Result) -> dict[str, Any]:
    items = [
        {"StartTime": item.start, "EndTime": item.end, "Type": item.kind, "Content": item.content}
        | ({"Confidence": item.confidence} if item.kind == SPOKEN else {})
        for item in items_of(result.words)
    ]
    told = {
        "ResultId": f"{stream}-{result.number}",
        "StartTime": round(result.start, 3),
        "EndTime": round(result.end, 3),
        "IsPartial": result.is_partial,
        "Alternatives": [{"Transcript": " ".join(word.text for word in result.words), "Items": items}],
    }
    return {"Transcript": {"Results": [told]}}
