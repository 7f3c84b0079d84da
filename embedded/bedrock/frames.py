"""The binary frames of `application/vnd.amazon.eventstream`, as Bedrock sends them.

A frame: its length and that of its headers (4 bytes each), their CRC-32, the headers, the payload, the CRC-32 of all.
"""

import json
import struct
from typing import Any
from zlib import crc32

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


def _frame(headers: dict[str, str], payload: dict[str, Any]) -> bytes:
    head = b"".join(_header(name, value) for name, value in headers.items())
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    prelude = struct.pack("!II", len(head) + len(body) + _OVERHEAD, len(head))
    frame = prelude + struct.pack("!I", crc32(prelude)) + head + body
    return frame + struct.pack("!I", crc32(frame))


def _header(name: str, value: str) -> bytes:
    return struct.pack(f"!B{len(name)}sBH{len(value)}s", len(name), name.encode(), _STRING, len(value), value.encode())
