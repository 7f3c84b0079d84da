"""simple-websocket's server with its gaps closed: limits in bytes, no deflate, one writer, an orderly end."""

import logging
from typing import Any, Protocol

from simple_websocket import Server  # type: ignore[import-untyped]
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Ping, Request, TextMessage

from web.realtime.sockets.limits import Limits
from web.realtime.sockets.wire import HANDLER_FAILED, POLICY, TOO_BIG, encode_close

_log = logging.getLogger(__name__)
_CHUNK = 16384


class Peer(Protocol):
    """Who is told what the peer did; called in the reading thread."""

    @property
    def closed(self) -> bool:
        """Whether closing began: nothing is wanted any more."""

    def came(self, message: bytes, is_text: bool) -> None:
        """Take a whole message; waits while too many wait."""

    def pinged(self, payload: bytes) -> None:
        """Answer a ping."""

    def close(self, code: int, reason: str = "") -> None:
        """Close on a violation."""

    def close_with(self, code: int, last: bytes) -> None:
        """Close because the peer did, with the frame that echoes it."""

    def ended(self) -> None:
        """Learn that nothing more is decoded: closing began, or the peer is gone."""


class PlainServer(Server):  # type: ignore[misc]
    """Overrides what simple-websocket 1.1.0 does with events; its handshake, modes and reading thread stay.

    `_handle_events` is private: the version is pinned, and the conformance suite is the contract test.
    """

    def __init__(self, environ: dict[str, Any], peer: Peer, limits: Limits, subprotocol: str | None) -> None:
        """Answer 101 and start the reading thread."""
        self._peer = peer
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = self._count = 0
        super().__init__(environ, subprotocols=subprotocol, receive_bytes=_CHUNK)

    def _thread(self) -> None:
        try:
            super()._thread()
        except Exception:  # a bug in here must not leave the view waiting for ever
            _log.exception("a WebSocket connection failed")
            self._peer.close(HANDLER_FAILED)
        self._peer.ended()
        self.sock.discard()

    def _handle_events(self) -> bool:
        for event in self.ws.events():
            if isinstance(event, Request):
                self.sock.send(self.ws.send(AcceptConnection(subprotocol=self.choose_subprotocol(event))))
            elif not self._handle_frame(event):
                return False
        return True

    def _handle_frame(self, event: Event) -> bool:
        """Act on a frame; return whether to read on."""
        if isinstance(event, CloseConnection):
            self._handle_close(event)
        elif isinstance(event, Ping):
            self._peer.pinged(bytes(event.payload))
        elif isinstance(event, TextMessage):
            self._gather(event.data.encode(), event, True)
        elif isinstance(event, BytesMessage):
            self._gather(bytes(event.data), event, False)
        return not self._peer.closed

    def _handle_close(self, event: CloseConnection) -> None:
        if self.ws.state == ConnectionState.OPEN:  # not the peer's: wsproto reports its own refusals alike
            self._peer.close(int(event.code), event.reason or "")
        else:
            self._peer.close_with(int(event.code), encode_close(int(event.code)))

    def _gather(self, part: bytes, event: TextMessage | BytesMessage, is_text: bool) -> None:
        self._parts.append(part)
        self._size += len(part)
        self._count += event.frame_finished
        if self._size > self._limits.max_message:
            self._peer.close(TOO_BIG, "message too big")
        elif self._count > self._limits.max_fragments:
            self._peer.close(POLICY, "too many fragments")
        elif event.message_finished:
            message = b"".join(self._parts)
            self._parts.clear()
            self._size = self._count = 0
            self._peer.came(message, is_text)
