"""Frames of `application/vnd.amazon.eventstream` that we send: botocore decodes them, and encodes none.

A frame: its length and that of its headers (4 bytes each), their CRC-32, the headers, the payload, the CRC-32 of all.
"""

import struct
from zlib import crc32

_STRING = 7
_OVERHEAD = 16


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """Return a frame with headers of strings."""
    head = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack("!II", len(head) + len(payload) + _OVERHEAD, len(head))
    content = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return content + struct.pack("!I", crc32(content))


def _header(name: str, value: str) -> bytes:
    named, told = name.encode(), value.encode()
    return struct.pack(f"!B{len(named)}sBH{len(told)}s", len(named), named, _STRING, len(told), told)
