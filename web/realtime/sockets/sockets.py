"""All WebSockets of one process: the route, the handshake, the caps, the heartbeat and the drain."""

import _socket
import itertools
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from flask_sock import Sock
from gevent import socket
from werkzeug.exceptions import ServiceUnavailable

from web.realtime.sockets.connection import SocketConnection
from web.realtime.sockets.handshake import check_upgrade, early_bytes, require_clear_text, switching_protocols
from web.realtime.sockets.heartbeat import Heartbeat
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.mailbox import Office
from web.realtime.sockets.port import Accepted, Connection, Frame, Receiver, View
from web.realtime.sockets.roster import Roster
from web.realtime.sockets.wire import RESTARTING

EXTENSION = "sockets"
"""The key under which `app.extensions` holds the application's sockets."""

_SLICE = 64  # connections closed at one go while draining: the hub breathes between
_PAUSE = 0.05  # s between slices: 6,000 clients do not all reconnect in one moment
_POLL = 0.02  # s


class Detached(Response):
    """Tells gunicorn that the connection is over for it, and that it must write nothing.

    gunicorn takes StopIteration from the application for "end of connection" (flask-sock relies on it too).
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Raise StopIteration in place of answering."""
        raise StopIteration


class Sockets(Sock):  # type: ignore[misc]
    """flask-sock's route, with sockets of our own under it; for gunicorn's gevent worker.

    Elsewhere, or with TLS, an upgrade fails with 500 before it is done.
    """

    def __init__(self, app: Flask | None = None, limits: Limits | None = None) -> None:
        """Make the extension; `app` may follow by `init_app`. Nothing of the event loop is made before the fork."""
        self.limits = limits or Limits()
        self.connections = Roster()
        """Connections with an open socket or a Receiver at work; len() is cheap, iterate over a copy."""
        self.draining = False
        """True once `drain` began: new handshakes are refused with 503."""
        self.bp: Blueprint | None = None
        self._heartbeat: Heartbeat | None = None
        self._office: Office | None = None
        super().__init__(app)

    def init_app(self, app: Flask) -> None:
        """Register with the application, and the routes that were declared without one."""
        super().init_app(app)
        app.extensions[EXTENSION] = self

    def route(self, path: str, bp: Blueprint | None = None, **options: Any) -> Callable[[View], View]:
        """Register a view for upgrade requests on the path; `options` are those of Flask's route.

        The view runs as plain HTTP before the upgrade: it may abort or return any response to refuse. If it
        returns a Receiver (or Accepted), the upgrade is done.
        """

        def decorator(view: View) -> View:
            @wraps(view)
            def upgrade(*args: Any, **kwargs: Any) -> Any:
                self._admit()
                return self._upgrade(view(*args, **kwargs))

            options["websocket"] = True
            self._home(bp).route(path, **options)(upgrade)
            return view

        return decorator

    def serve(self, environ: dict[str, Any], accepted: Accepted) -> Response:
        """Answer 101, take the descriptor from gunicorn, and let the hub watch it."""
        theirs = environ.get("gunicorn.socket")
        require_clear_text(theirs)
        if not isinstance(theirs, socket.socket):
            raise RuntimeError("WebSockets need gunicorn's gevent worker")
        early = early_bytes(environ)
        answer = switching_protocols(environ, accepted.subprotocol)
        try:
            theirs.sendall(answer)
        except OSError:  # the client left during the handshake: nobody to open, nothing to answer
            return Detached()
        # gunicorn's object is empty from here on: its close does nothing, and none of its bounds count this socket.
        ours = _socket.socket(fileno=theirs.detach())
        SocketConnection(ours, accepted.receiver, self._open_office(), self.connections).start(early)
        return Detached()

    def start_heartbeat(self, interval_seconds: float = 25.0) -> None:
        """Ping every connection once an interval, evenly spread; close with 1001 what was silent for two.

        Connections are not pinged where both sides spoke during the interval. Call it in the worker, after the fork; a
        second call does nothing.
        """
        if self._heartbeat is None:
            self._heartbeat = Heartbeat(self.connections, interval_seconds)
            self._heartbeat.start()

    def drain(self, seconds: float, before: Frame | None = None) -> None:
        """Refuse new handshakes, send `before` to all, close all with 1012, and wait until they are gone.

        Returns as soon as all are flushed and their Receivers' `closed` returned, at the latest after `seconds`;
        what is left then is cut off.
        """
        self.draining = True
        deadline = time.monotonic() + seconds
        self._close_in_slices(seconds, before)
        while self.connections and time.monotonic() < deadline:
            time.sleep(_POLL)
        for connection in tuple(self.connections):
            connection.cut_off()

    def _close_in_slices(self, seconds: float, before: Frame | None) -> None:
        connections = tuple(self.connections)
        slices = len(connections) // _SLICE
        pause = min(_PAUSE, 0.8 * seconds / slices) if slices else 0.0
        for number in range(0, len(connections), _SLICE):
            if number:
                time.sleep(pause)
            for connection in itertools.islice(connections, number, number + _SLICE):
                _say_goodbye(connection, before)

    def _admit(self) -> None:
        """Raise the refusal that this upgrade request meets before its view is asked."""
        check_upgrade(request.environ)
        self._require_room()

    def _require_room(self) -> None:
        if self.draining or len(self.connections) >= self.limits.max_connections:
            raise ServiceUnavailable("No new sockets here; try again.", retry_after=1)

    def _upgrade(self, answer: Any) -> Any:
        """Serve the Receiver that a view returned, or pass on its refusal."""
        accepted = answer if isinstance(answer, Accepted) else Accepted(answer)
        if not isinstance(accepted.receiver, Receiver):
            return answer
        self._require_room()  # again: the view may have waited while others came in
        return self.serve(request.environ, accepted)

    def _home(self, bp: Blueprint | None) -> Any:
        """Where a route is declared: the given blueprint, the application, or one that waits for `init_app`."""
        if bp or self.app:
            return bp or self.app
        if self.bp is None:
            self.bp = Blueprint("__flask_sock", __name__)
        return self.bp

    def _open_office(self) -> Office:
        if self._office is None:
            self._office = Office(current_app._get_current_object(), self.limits)  # type: ignore[attr-defined]
        return self._office


def _say_goodbye(connection: Connection, before: Frame | None) -> None:
    if before is not None:
        connection.send(before)
    connection.close(RESTARTING)
