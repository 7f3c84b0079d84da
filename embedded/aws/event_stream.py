"""The binary frames of `application/vnd.amazon.eventstream`, as Bedrock and Transcribe send and take them.

A frame: its length and that of its headers (4 bytes each), their CRC-32, the headers, the payload, the CRC-32 of all.
"""

import json
import struct
from typing import Any
from zlib import crc32

from botocore.eventstream import EventStreamBuffer, ParserError

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
_OVERHEAD = 16


def event(name: str, payload: dict[str, Any]) -> bytes:
    """Return a frame that carries an event."""
    return _frame({":event-type": name, ":content-type": "application/json", ":message-type": "event"}, payload)


def failure(name: str, message: str) -> bytes:
    """Return the frame that ends a stream with an exception."""
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return _frame(headers, {"message": message})


class BrokenStream(Exception):
    """What came is no frame of an event stream."""


class Frames:
    """Takes bytes as they come, and gives what whole frames carry; botocore's own decoder checks lengths and sums."""

    def __init__(self) -> None:
        """Begin before the first frame."""
        self._buffer: Any = EventStreamBuffer()

    def payloads(self, content: bytes) -> list[tuple[str, bytes]]:
        """Return the event type and the payload of each frame that is whole by now. Raises BrokenStream."""
        self._buffer.add_data(content)
        try:
            return [(str(frame.headers.get(":event-type", "")), bytes(frame.payload)) for frame in self._buffer]
        except (ParserError, KeyError, ValueError, struct.error) as problem:
            raise BrokenStream(str(problem)) from problem


def _frame(headers: dict[str, str], payload: dict[str, Any]) -> bytes:
    head = b"".join(_header(name, value) for name, value in headers.items())
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    prelude = struct.pack("!II", len(head) + len(body) + _OVERHEAD, len(head))
    frame = prelude + struct.pack("!I", crc32(prelude)) + head + body
    return frame + struct.pack("!I", crc32(frame))


def _header(name: str, value: str) -> bytes:
    return struct.pack(f"!B{len(name)}sBH{len(value)}s", len(name), name.encode(), _STRING, len(value), value.encode())
