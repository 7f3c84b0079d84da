"""One open WebSocket that costs no greenlet: decoder, mailbox and pipe, tied together on the hub."""

import _socket
import logging
import time

from web.realtime.sockets.decoder import Decoder, Event
from web.realtime.sockets.mailbox import Mailbox, Office
from web.realtime.sockets.pipe import Pipe
from web.realtime.sockets.port import Frame, Receiver
from web.realtime.sockets.roster import Roster
from web.realtime.sockets.wire import (
    BINARY,
    CLOSE,
    GOING_AWAY,
    HANDLER_FAILED,
    LOST,
    PING,
    PONG,
    SLOW_READER,
    TEXT,
    close_code,
    encode_close,
    encode_control,
)
from web.realtime.tally import TALLY

_log = logging.getLogger(__name__)
_PING = encode_control(PING)


class SocketConnection:
    """A Connection; open, then closing (`closed` is True, the pipe is finishing), then gone.

    Every method must be called in the hub's thread, most are called on the hub itself: none may block.
    """

    __slots__ = (
        "_decoder",
        "_has_left",
        "_is_gone",
        "_mailbox",
        "_pipe",
        "_roster",
        "_was_asked",
        "_was_told",
        "closed",
        "heard_at",
        "slot",
    )

    def __init__(self, raw: _socket.socket, receiver: Receiver, office: Office, roster: Roster) -> None:
        self.closed = False
        self.heard_at = time.monotonic()
        self.slot = 0
        self._roster = roster
        self._decoder = Decoder(office.limits)
        self._mailbox = Mailbox(office, self, receiver)
        self._pipe = Pipe(raw, self, office.limits)
        self._has_left = self._is_gone = self._was_asked = self._was_told = False

    @property
    def queued(self) -> int:
        """Bytes that wait for the peer to read; see Connection.queued."""
        return self._pipe.queued

    def start(self, early: bytes) -> None:
        """Begin to serve: `opened`, then the bytes that came with the request, then the socket's."""
        self._roster.add(self)
        self._mailbox.open()
        self._pipe.read()
        if early:
            self.take(early)

    def send(self, frame: Frame) -> None:
        """Send the frame or queue it; see Connection.send."""
        self._was_told = True
        if not self.closed and not self._pipe.write(frame.encoded):
            self._close_slow_reader()

    def close(self, code: int, reason: str = "") -> None:
        """Begin to close; see Connection.close."""
        self._close_with(code, encode_close(code, reason))

    def take(self, chunk: bytes) -> None:
        """Decode what came and act on it; called by the pipe."""
        self.heard_at = time.monotonic()
        try:
            for event in self._decoder.feed(chunk):
                self._handle(event)
                if self.closed:
                    return
            if self._decoder.violation is not None:
                self.close(self._decoder.violation.code, self._decoder.violation.reason)
        except Exception:  # gevent stops the watcher of a callback that raises: the socket would stay open and deaf
            _log.exception("a WebSocket connection failed")
            self.close(HANDLER_FAILED)

    def gone(self) -> None:
        """Learn that the socket is closed; called by the pipe."""
        self._is_gone = True
        if not self.closed:
            self.closed = True
            self._mailbox.end(LOST)
        self._leave_roster()

    def resume(self) -> None:
        """Read again after a pause; called by the mailbox."""
        self._pipe.read()

    def left(self) -> None:
        """Learn that the Receiver's `closed` returned; called by the mailbox."""
        self._has_left = True
        self._leave_roster()

    def beat(self, silent_since: float, round_began: float) -> None:
        """Ping, or close with 1001 if the peer was silent for too long; called by the heartbeat.

        Where both sides spoke in the round that ends there is nothing to find out, nor an idle connection for a proxy
        to cut: neither direction is ever silent for more than two rounds. Nobody is closed who was not asked.
        """
        if self.closed:
            return
        was_told, self._was_told = self._was_told, False
        was_asked, self._was_asked = self._was_asked, not (was_told and self.heard_at >= round_began)
        if self.heard_at < silent_since and was_asked and self._pipe.is_reading:  # while paused, its pongs lie unread
            self.close(GOING_AWAY, "silent")
        elif self._was_asked and not self._pipe.write(_PING):
            self._close_slow_reader()

    def cut_off(self) -> None:
        """End at once; called when the process has no more time."""
        self._pipe.close()

    def _handle(self, event: Event) -> None:
        opcode, payload = event
        if opcode in (TEXT, BINARY):
            if not self._mailbox.deliver(payload, opcode == TEXT):
                self._pipe.pause()
        elif opcode == PING:
            if not self._pipe.write(encode_control(PONG, payload)):
                self._close_slow_reader()
        elif opcode == CLOSE:
            code = close_code(payload)
            self._close_with(code, encode_close(code))

    def _close_slow_reader(self) -> None:
        TALLY.overflows += not self.closed
        self._pipe.drop_unbegun()
        self._close_with(SLOW_READER, encode_close(SLOW_READER, "reads too slowly"), is_slow=True)

    def _close_with(self, code: int, last: bytes, *, is_slow: bool = False) -> None:
        if self.closed:
            return
        self.closed = True
        self._mailbox.end(code)
        self._pipe.finish(last, is_slow=is_slow)

    def _leave_roster(self) -> None:
        if self._is_gone and self._has_left:
            self._roster.discard(self)
