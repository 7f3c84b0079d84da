"""A non-blocking socket on the hub: bytes in by events, frames out at once or from a bounded outbox."""

import _socket
from typing import Any, Protocol

import gevent

from web.realtime.sockets.limits import Limits
from web.realtime.sockets.outbox import Outbox

_READ, _WRITE = 1, 2
_CHUNK = 16384  # bytes read at one event: fair to the other sockets, and enough for thousands of small frames


class End(Protocol):
    """What stands at the pipe's end; called on the hub, or in the greenlet that called the pipe."""

    def take(self, chunk: bytes) -> None:
        """Take bytes that came; not called any more once the pipe is finishing. Must not raise."""

    def gone(self) -> None:
        """Learn, once, that the socket is closed."""


class Pipe:
    """Owns the descriptor and its watchers; everything must happen in the hub's thread.

    It holds the C socket, since gevent's wrapper costs more than all else here, and watchers in two slots, since
    a watcher that is collected while libev holds its address crashes the process.
    """

    __slots__ = ("_end", "_finishing", "_is_slow", "_limits", "_outbox", "_raw", "_reader", "_timer", "_writer")

    def __init__(self, raw: _socket.socket, end: End, limits: Limits) -> None:
        raw.setblocking(False)
        self._raw = raw
        self._end: End | None = end
        self._limits = limits
        self._reader: Any = gevent.get_hub().loop.io(raw.fileno(), _READ)
        self._writer: Any = None
        self._timer: Any = None
        self._outbox: Outbox | None = None
        self._finishing = self._is_slow = False

    @property
    def queued(self) -> int:
        """Bytes in the outbox."""
        return self._outbox.queued if self._outbox is not None else 0

    @property
    def is_reading(self) -> bool:
        """False while paused, and after the end."""
        return self._reader is not None and self._reader.active

    def read(self) -> None:
        """Begin, or go on after a pause, to hand out what comes."""
        if self._reader is not None and not self._reader.active:
            self._reader.start(self._readable)

    def pause(self) -> None:
        """Leave what comes to the kernel, whose full buffer slows the sender down."""
        if self._reader is not None:
            self._reader.stop()

    def write(self, encoded: bytes) -> bool:
        """Send a frame after those before it, now or as the peer reads; return False if too much waits now."""
        written = 0
        if self._outbox is None:
            if self._end is None:
                return True
            try:
                written = self._raw.send(encoded)
            except BlockingIOError:
                pass
            except OSError:
                self.close()
                return True
            if written == len(encoded):
                return True
        return self._keep(encoded, written)

    def drop_unbegun(self) -> None:
        """Forget the queued frames, but for the one that the peer has the beginning of."""
        if self._outbox is not None:
            self._outbox.cut()

    def finish(self, last: bytes, *, is_slow: bool = False) -> None:
        """Send a last frame after those queued, shut the sending side down, wait for the peer's end, and close.

        Bounded by limits.flush_seconds and then limits.linger_seconds, where the peer is slow by limits.slow_seconds
        each; what comes meanwhile is discarded.
        """
        self._finishing, self._is_slow = True, is_slow
        self.read()  # paused or not: unread bytes would turn the close into RST
        self.write(last)
        if self._outbox is None:
            self._half_close()
        else:
            self._close_in(self._limits.slow_seconds if is_slow else self._limits.flush_seconds)

    def close(self) -> None:
        """Close the descriptor now; a second time does nothing."""
        end, self._end = self._end, None
        if end is None:
            return
        for watcher in (self._reader, self._writer, self._timer):
            if watcher is not None:
                watcher.stop()
                watcher.close()  # before the socket: epoll would report a reused descriptor to a dead object
        self._reader = self._writer = self._timer = self._outbox = None
        self._raw.close()
        end.gone()

    def _readable(self) -> None:
        try:
            chunk = self._raw.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._peer_ended()
        elif not self._finishing and self._end is not None:
            self._end.take(chunk)

    def _peer_ended(self) -> None:
        if self._finishing and self._outbox is not None:
            self.pause()  # it may still read what is queued; end-of-file would be reported for ever
        else:
            self.close()

    def _keep(self, encoded: bytes, written: int) -> bool:
        if self._outbox is None:
            self._outbox = Outbox()
            if self._writer is None:
                self._writer = gevent.get_hub().loop.io(self._raw.fileno(), _WRITE)
            self._writer.start(self._writable)
        self._outbox.add(encoded, written)
        return self._outbox.queued <= self._limits.max_queued

    def _writable(self) -> None:
        assert self._outbox is not None
        try:
            if not self._outbox.write(self._raw.send):
                return
        except OSError:
            self.close()
            return
        self._outbox = None
        self._writer.stop()
        if self._finishing:
            self._half_close()

    def _half_close(self) -> None:
        if self._end is None:
            return
        try:
            self._raw.shutdown(_socket.SHUT_WR)
        except OSError:  # the peer was quicker
            self.close()
            return
        if self.is_reading:
            self._close_in(self._limits.slow_seconds if self._is_slow else self._limits.linger_seconds)
        else:  # its end came while the outbox was flushed
            self.close()

    def _close_in(self, seconds: float) -> None:
        if self._end is None:
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer.close()
        self._timer = gevent.get_hub().loop.timer(seconds)
        self._timer.start(self.close)
