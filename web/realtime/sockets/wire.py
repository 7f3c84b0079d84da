"""RFC 6455 on the wire, both ways the same: opcodes, frames that a server sends, close codes and their rules.

Frames are unmasked, as a server's must be, and never compressed.
"""

import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FINAL = 0x80

GOING_AWAY = 1001
PROTOCOL_ERROR = 1002
NO_CODE = 1005  # never on the wire: the peer's close frame was empty
LOST = 1006  # never on the wire: the connection ended without a close frame
INVALID_TEXT = 1007
POLICY = 1008
TOO_BIG = 1009
HANDLER_FAILED = 1011
RESTARTING = 1012
SLOW_READER = 1013

MAX_CONTROL = 125  # bytes of payload, RFC 6455 section 5.5
_MAX_REASON = MAX_CONTROL - 2
_DEFINED_CODES = frozenset((1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014))


class Violation(Exception):
    """The peer broke the protocol or a bound; `code` is what to close with."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def encode_text(payload: bytes) -> bytes:
    """Return one unfragmented text frame; `payload` must be valid UTF-8."""
    length = len(payload)
    if length < 126:
        return bytes((FINAL | TEXT, length)) + payload
    if length < 65536:
        return struct.pack("!BBH", FINAL | TEXT, 126, length) + payload
    return struct.pack("!BBQ", FINAL | TEXT, 127, length) + payload


def encode_control(opcode: int, payload: bytes = b"") -> bytes:
    """Return a control frame; `payload` has at most MAX_CONTROL bytes."""
    return bytes((FINAL | opcode, len(payload))) + payload


def encode_close(code: int, reason: str = "") -> bytes:
    """Return a close frame, with an empty payload for NO_CODE; the reason is cut between letters to what fits.

    Raises ValueError for a code that may not be on the wire.
    """
    if code == NO_CODE:
        return encode_control(CLOSE)
    if not _is_code(code):
        raise ValueError(f"{code} is no code to close a WebSocket with")
    text = reason.encode()
    if len(text) > _MAX_REASON:
        text = text[:_MAX_REASON].decode(errors="ignore").encode()
    return encode_control(CLOSE, struct.pack("!H", code) + text)


def close_code(payload: bytes) -> int:
    """Return the code of a peer's close frame, NO_CODE if it is empty; raise Violation for a forbidden code."""
    if not payload:
        return NO_CODE
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not _is_code(code):
        raise Violation(PROTOCOL_ERROR, "invalid close code")
    require_text(payload[2:])
    return code


def require_text(payload: bytes) -> None:
    """Raise Violation unless the payload is valid UTF-8 (no surrogates, no overlong forms)."""
    if payload.isascii():  # most frames; spares building a string
        return
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise Violation(INVALID_TEXT, "invalid UTF-8") from error


def _is_code(code: int) -> bool:
    """Whether a close frame may carry it: RFC 6455 section 7.4 and IANA's registry, without those for local use."""
    return code in _DEFINED_CODES or 3000 <= code <= 4999
