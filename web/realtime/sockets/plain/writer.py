"""One writer a socket: frames go out whole and in order, whichever threads send, and no sender waits."""

import _socket
import logging
import select
import threading

from web.realtime.sockets.outbox import Outbox

_log = logging.getLogger(__name__)


class Writer:
    """Writes at once what the kernel takes, under a lock; a thread writes the rest as the peer reads.

    simple-websocket's own `send` is `socket.send` without a lock: of five messages of 1 MB to a paused reader,
    133 KB were lost. The descriptor stays the WSGI server's; `release` it before the server closes it.
    """

    def __init__(self, descriptor: int, bound: int) -> None:
        self.flushed = threading.Event()
        self._raw = _socket.socket(fileno=descriptor)
        self._bound = bound
        self._changed = threading.Condition()
        self._outbox = Outbox()
        self._finishing = False

    @property
    def queued(self) -> int:
        """Bytes that the kernel has not taken."""
        return self._outbox.queued

    def start(self) -> None:
        """Start the thread; it lives as long as the socket, since starting one later would make a sender wait."""
        threading.Thread(target=self._run, name="socket-writer", daemon=True).start()

    def put(self, encoded: bytes) -> bool:
        """Send or queue a frame; return False if the queue is over its bound. After `finish` it does nothing."""
        with self._changed:
            if not self._finishing:
                self._add(encoded)
            return self._outbox.queued <= self._bound

    def drop_unbegun(self) -> None:
        """Forget the queued frames, but for the one that the peer has the beginning of."""
        with self._changed:
            self._outbox.cut()

    def finish(self, last: bytes) -> None:
        """Send a last frame; when all is written, the sending side is shut down and `flushed` is set."""
        with self._changed:
            if not self._finishing:
                self._add(last)
            self._finishing = True
            self._changed.notify()

    def abandon(self) -> None:
        """Send nothing more: the peer is gone."""
        with self._changed:
            self._outbox = Outbox()
            self._finishing = True
            self._changed.notify()

    def release(self) -> None:
        """Let go of the descriptor: otherwise the collector would close it, by then another's."""
        self._raw.detach()

    def _add(self, encoded: bytes) -> None:
        written = 0 if self._outbox.queued else self._send_now(encoded)
        if written < len(encoded):
            self._outbox.add(encoded, written)
            self._changed.notify()

    def _send_now(self, encoded: bytes) -> int:
        try:
            return self._raw.send(encoded, _socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        except OSError:  # the peer is gone: the reading thread will say so
            return len(encoded)

    def _transmit(self, encoded: bytes | memoryview) -> int:
        return self._raw.send(encoded, _socket.MSG_DONTWAIT)

    def _run(self) -> None:
        writable = select.poll()
        writable.register(self._raw.fileno(), select.POLLOUT)
        try:
            while self._wait_for_frames():
                writable.poll()
                with self._changed:
                    self._outbox.write(self._transmit)
            self._raw.shutdown(_socket.SHUT_WR)
        except OSError:
            _log.debug("the peer of a WebSocket is gone or was cut off")
        finally:
            self.flushed.set()

    def _wait_for_frames(self) -> bool:
        """Return True when something is queued, False when all is written and nothing more may come."""
        with self._changed:
            while not self._outbox.queued:
                if self._finishing:
                    return False
                self._changed.wait()
            return True
