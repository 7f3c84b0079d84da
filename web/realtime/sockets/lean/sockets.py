"""Lean sockets behind flask-sock's route: the handshake by hand, then the descriptor leaves gunicorn."""

import _socket
from typing import Any

from flask import Flask, Response, current_app
from gevent import socket

from web.realtime.sockets.gateway import GatewaySockets, Taken
from web.realtime.sockets.handshake import early_bytes, require_clear_text, switching_protocols
from web.realtime.sockets.lean.connection import LeanConnection
from web.realtime.sockets.lean.mailbox import Office
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.port import Accepted


class LeanSockets(GatewaySockets):
    """Sockets for gunicorn's gevent worker; elsewhere, or with TLS, an upgrade fails with 500 before it is done."""

    def __init__(self, app: Flask | None = None, limits: Limits | None = None) -> None:
        super().__init__(app, limits)
        self._office: Office | None = None

    def serve(self, environ: dict[str, Any], accepted: Accepted) -> Response:
        """Answer 101, take the descriptor from gunicorn, and let the hub watch it."""
        if not can_be_lean(environ):
            raise RuntimeError("lean sockets need gunicorn's gevent worker; set SOCKETS=plain or auto")
        theirs = environ["gunicorn.socket"]
        require_clear_text(theirs)
        early = early_bytes(environ)
        answer = switching_protocols(environ, accepted.subprotocol)
        try:
            theirs.sendall(answer)
        except OSError:  # the client left during the handshake: nobody to open, nothing to answer
            return Taken()
        # gunicorn's object is empty from here on: its close does nothing, and none of its bounds count this socket.
        ours = _socket.socket(fileno=theirs.detach())
        LeanConnection(ours, accepted.receiver, self._open_office(), self.roster).start(early)
        return Taken()

    def _open_office(self) -> Office:
        if self._office is None:
            self._office = Office(current_app._get_current_object(), self.limits)  # type: ignore[attr-defined]
        return self._office


def can_be_lean(environ: dict[str, Any]) -> bool:
    """Tell whether this request's socket can be taken: a gevent one of gunicorn's."""
    return isinstance(environ.get("gunicorn.socket"), socket.socket)
