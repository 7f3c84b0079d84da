"""A client's bytes, however they are cut, to its messages and control frames.

Written for speed where chat lives: a whole, small, unfragmented text frame takes one pass of `feed`'s loop.
"""

from websockets.speedups import apply_mask

from web.realtime.sockets.limits import Limits
from web.realtime.sockets.wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    FINAL,
    MAX_CONTROL,
    PING,
    POLICY,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    Violation,
    close_code,
    require_text,
)

Event = tuple[int, bytes]
"""An opcode (TEXT, BINARY, PING, PONG or CLOSE) and its whole payload."""

_OPCODES = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))
_SMALL_TEXT = FINAL | TEXT
_MASKED = 0x80
_QUICK = 16_000  # bytes of a frame that comes whole with what is read at once


class _Partial:
    """A frame whose header is checked and whose payload is still arriving."""

    __slots__ = ("first", "length", "mask", "payload")

    def __init__(self, first: int, mask: bytes, length: int) -> None:
        self.first = first
        self.mask = mask
        self.length = length
        self.payload = bytearray()  # grows with what came, never with what the header claims


class Decoder:
    """Decodes one connection's incoming stream, incrementally and within the limits.

    However the stream is split, the events are the same, up to the first violation or close frame; after either,
    all further bytes are ignored. `violation` says what went wrong, if anything did.
    """

    __slots__ = ("_count", "_ended", "_limits", "_message", "_most_quick", "_opcode", "_partial", "_rest", "violation")

    def __init__(self, limits: Limits) -> None:
        self.violation: Violation | None = None
        self._limits = limits
        self._most_quick = min(limits.max_message, _QUICK)
        self._rest = b""  # the beginning of a header, at most 13 bytes
        self._partial: _Partial | None = None
        self._message: bytearray | None = None  # the fragments so far
        self._opcode = self._count = 0  # of the fragmented message
        self._ended = False

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that these bytes complete, in order; look at `violation` after handling them."""
        events: list[Event] = []
        try:
            self._decode(chunk, events)
        except Violation as violation:
            self.violation = violation
            self._ended = True
        return events

    def _decode(self, chunk: bytes, events: list[Event]) -> None:
        position = 0
        if self._partial is not None:
            position = self._fill(self._partial, chunk, events)
        elif self._rest:
            chunk = self._rest + chunk
            self._rest = b""
        end = len(chunk)
        while position < end and not self._ended:
            if self._message is None and end - position >= 8 and chunk[position] == _SMALL_TEXT:
                length, start = chunk[position + 1] - _MASKED, position + 6
                if length == 126:
                    length, start = chunk[position + 2] << 8 | chunk[position + 3], position + 8
                    if length < 126:
                        length = -1  # not in its shortest form
                elif length == 127:
                    length = -1  # too long to be quick
                stop = start + length
                if 0 <= length <= self._most_quick and stop <= end:
                    payload = apply_mask(chunk[start:stop], chunk[start - 4 : start])
                    require_text(payload)
                    events.append((TEXT, payload))
                    position = stop
                    continue
            position = self._frame(chunk, position, end, events)

    def _frame(self, chunk: bytes, position: int, end: int, events: list[Event]) -> int:
        """Take one frame of any kind and return where the next begins, `end` if this one is not whole."""
        if end - position < 2:
            self._rest = chunk[position:]
            return end
        first, second = chunk[position], chunk[position + 1]
        _check_head(first, second)
        length = second & 0x7F
        start = position + 2
        if length > MAX_CONTROL:
            width = 2 if length == 126 else 8
            start += width
            length = _extended_length(chunk[start - width : start], width) if end >= start else 0
        if not first & 8:
            self._check_size(length)  # the mask may still be missing: a claim is refused before anything is kept
        if end < start + 4:
            self._rest = chunk[position:]
            return end
        self._partial = partial = _Partial(first, chunk[start : start + 4], length)
        return start + 4 + self._fill(partial, chunk[start + 4 : start + 4 + length], events)

    def _check_size(self, length: int) -> None:
        gathered = 0 if self._message is None else len(self._message)
        if gathered + length > self._limits.max_message:
            raise Violation(TOO_BIG, "message too big")

    def _fill(self, partial: _Partial, chunk: bytes, events: list[Event]) -> int:
        """Add to the frame that is arriving, complete it if that was all, and return how many bytes it took."""
        taken = min(partial.length - len(partial.payload), len(chunk))
        partial.payload += chunk[:taken]
        if len(partial.payload) == partial.length:
            self._partial = None
            self._complete(partial.first, apply_mask(partial.payload, partial.mask), events)
        return taken

    def _complete(self, first: int, payload: bytes, events: list[Event]) -> None:
        opcode = first & 0x0F
        if opcode in (TEXT, BINARY, CONTINUATION):
            self._gather(first, opcode, payload, events)
            return
        if opcode == CLOSE:
            close_code(payload)
            self._ended = True
        events.append((opcode, payload))

    def _gather(self, first: int, opcode: int, payload: bytes, events: list[Event]) -> None:
        if (opcode == CONTINUATION) == (self._message is None):
            raise Violation(PROTOCOL_ERROR, "fragments out of order")
        if self._message is None:
            self._message, self._opcode, self._count = bytearray(), opcode, 0
        self._message += payload
        self._count += 1
        if self._count > self._limits.max_fragments:
            raise Violation(POLICY, "too many fragments")
        if first & FINAL:
            message, self._message = bytes(self._message), None
            if self._opcode == TEXT:
                require_text(message)
            events.append((self._opcode, message))


def _check_head(first: int, second: int) -> None:
    """Refuse what two bytes already show to be wrong, so that a peer is not waited for in vain."""
    opcode = first & 0x0F
    if first & 0x70 or opcode not in _OPCODES:
        raise Violation(PROTOCOL_ERROR, "reserved bits or opcode")
    if not second & _MASKED:
        raise Violation(PROTOCOL_ERROR, "unmasked frame")
    if opcode >= CLOSE and (not first & FINAL or second & 0x7F > MAX_CONTROL):
        raise Violation(PROTOCOL_ERROR, "control frame too long or fragmented")


def _extended_length(field: bytes, width: int) -> int:
    """Return the length in a field of 2 or 8 bytes; it must need that many, and leave the top bit of 8 clear."""
    length = int.from_bytes(field, "big")
    if length < 126 or (width == 8 and (length < 65536 or length >> 63)):
        raise Violation(PROTOCOL_ERROR, "length not in its shortest form")
    return length
