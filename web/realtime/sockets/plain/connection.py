"""One WebSocket carried by threads: the view's runs the Receiver, one reads, one writes what must wait."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import gevent
from flask import Flask

from web.realtime.sockets.limits import Limits
from web.realtime.sockets.plain.inbox import Inbox
from web.realtime.sockets.plain.link import Link
from web.realtime.sockets.plain.server import PlainServer
from web.realtime.sockets.plain.writer import Writer
from web.realtime.sockets.port import Accepted, Frame, Receiver
from web.realtime.sockets.wire import (
    GOING_AWAY,
    HANDLER_FAILED,
    LOST,
    PING,
    PONG,
    SLOW_READER,
    encode_close,
    encode_control,
)

_log = logging.getLogger(__name__)
_PING = encode_control(PING)


class PlainConnection:
    """A Connection over simple-websocket; its methods may be called from any thread."""

    def __init__(self, theirs: Any, early: bytes, limits: Limits) -> None:
        self.closed = False
        self.slot = 0
        self.link = Link(theirs, early)
        self._code = LOST
        self._limits = limits
        self._closing = threading.Lock()
        self._writer = Writer(theirs.fileno(), limits.max_queued)
        self._inbox = Inbox(limits)

    @property
    def queued(self) -> int:
        """Bytes that wait for the peer to read; see Connection.queued."""
        return self._writer.queued

    @property
    def heard_at(self) -> float:
        """When the peer was last heard; see Connection.heard_at."""
        return self.link.heard_at

    def send(self, frame: Frame) -> None:
        """Send the frame or queue it; see Connection.send."""
        self._put(frame.encoded)

    def close(self, code: int, reason: str = "") -> None:
        """Begin to close; see Connection.close."""
        self.close_with(code, encode_close(code, reason))

    def close_with(self, code: int, last: bytes) -> None:
        """Begin to close with this last frame; the first call decides."""
        with self._closing:
            if self.closed:
                return
            self.closed = True
            self._code = code
        self._writer.finish(last)
        self._inbox.finish()

    def carry(self, environ: dict[str, Any], accepted: Accepted, app: Flask) -> None:
        """Do the upgrade, serve the Receiver in this thread, and return when the socket is done with."""
        try:
            server = PlainServer(environ, self, self._limits, accepted.subprotocol)
            self._writer.start()
            self._run(accepted.receiver, app)
            self._finish(server.thread)
        except OSError:  # the client left during the handshake: nobody to open, nothing to answer
            _log.debug("a client left during the handshake")
        finally:
            self._writer.release()

    def came(self, message: bytes, is_text: bool) -> None:
        """Take a message from the reading thread, which waits while too many do."""
        self._inbox.put(message, is_text)

    def pinged(self, payload: bytes) -> None:
        """Answer a ping."""
        self._put(encode_control(PONG, payload))

    def ended(self) -> None:
        """Learn from the reading thread that it decodes no more."""
        with self._closing:
            lost, self.closed = not self.closed, True
        if lost:
            self._inbox.finish()
            self._writer.abandon()

    def beat(self, silent_since: float, round_began: float) -> None:
        """Ping, or close with 1001 if the peer was silent for too long; called by the heartbeat."""
        if self.heard_at < silent_since and not self._inbox.is_full:  # while full, its pongs lie unread
            self.close(GOING_AWAY, "silent")
        else:
            self._put(_PING)

    def cut_off(self) -> None:
        """End at once; called when the process has no more time."""
        self.ended()
        self.link.cut()

    def _run(self, receiver: Receiver, app: Flask) -> None:
        """Call the Receiver, in order, until the connection is closed and nothing waits."""
        if self._call(app, receiver.opened, self):
            while (item := self._inbox.take()) is not None:
                if not self._call(app, receiver.received, *item):
                    break
        self._call(app, receiver.closed, self._code)

    def _finish(self, reading: threading.Thread) -> None:
        """Give the peer its time to read what is queued and to end too, then end both threads."""
        self._writer.flushed.wait(self._limits.flush_seconds)
        reading.join(self._limits.linger_seconds)
        self.link.cut()
        self._writer.flushed.wait()
        reading.join()

    def _put(self, encoded: bytes) -> None:
        if not self.closed and not self._writer.put(encoded):
            self._writer.drop_unbegun()
            self.close(SLOW_READER, "reads too slowly")

    def _call(self, app: Flask, call: Callable[..., None], *arguments: object) -> bool:
        """Make one call in a fresh application context; return False, having closed with 1011, if it failed."""
        try:
            with app.app_context():
                call(*arguments)
        except (Exception, gevent.Timeout):  # the product's bug ends its own connection, and must not reach the
            # WSGI server, which would write an HTTP answer into the open WebSocket
            _log.exception("a WebSocket receiver failed")
            self.close(HANDLER_FAILED)
            return False
        return True
