"""Plain sockets behind flask-sock's route: simple-websocket under any of its servers, at the price of threads."""

from typing import Any

from flask import Response, current_app

from web.realtime.sockets.gateway import GatewaySockets, Taken
from web.realtime.sockets.handshake import early_bytes, require_clear_text, require_offered
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.plain.connection import PlainConnection
from web.realtime.sockets.port import Accepted
from web.realtime.sockets.roster import Roster

_SOCKETS_OF_SERVERS = ("gunicorn.socket", "werkzeug.socket")


class PlainSockets(GatewaySockets):
    """Sockets for gunicorn (gevent or gthread) and Werkzeug's development server; the view's thread stays busy."""

    def serve(self, environ: dict[str, Any], accepted: Accepted) -> Response:
        """Answer 101 and carry the socket until it is closed."""
        return serve_plainly(environ, accepted, self.roster, self.limits)


def serve_plainly(environ: dict[str, Any], accepted: Accepted, roster: Roster, limits: Limits) -> Response:
    """Do the upgrade by simple-websocket and run the Receiver in this thread until all is over."""
    key = next((key for key in _SOCKETS_OF_SERVERS if key in environ), None)
    if key is None:
        raise RuntimeError("plain sockets need gunicorn or Werkzeug's development server")
    require_clear_text(environ[key])
    if accepted.subprotocol is not None:
        require_offered(environ, accepted.subprotocol)
    is_gunicorn = key == "gunicorn.socket"
    connection = PlainConnection(environ[key], early_bytes(environ) if is_gunicorn else b"", limits)
    roster.add(connection)
    try:
        connection.carry({**environ, key: connection.link}, accepted, current_app._get_current_object())  # type: ignore[attr-defined]
    finally:
        roster.discard(connection)
    return Taken() if is_gunicorn else Response()
