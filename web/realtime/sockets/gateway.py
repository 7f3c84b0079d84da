"""What lean and plain sockets share: the route, the caps, the heartbeat and the drain."""

import itertools
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_sock import Sock
from werkzeug.exceptions import ServiceUnavailable

from web.realtime.sockets.handshake import check_upgrade
from web.realtime.sockets.heartbeat import Heartbeat
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.port import Accepted, Connection, Frame, Receiver, View
from web.realtime.sockets.roster import Roster
from web.realtime.sockets.wire import RESTARTING

EXTENSION = "sockets"
"""The key under which `app.extensions` holds the application's sockets."""

_SLICE = 64  # connections closed at one go while draining: the hub breathes between
_PAUSE = 0.05  # s between slices: 6,000 clients do not all reconnect in one moment
_POLL = 0.02  # s


class Taken(Response):
    """Tells gunicorn that the connection is over for it, and that it must write nothing.

    gunicorn takes StopIteration from the application for "end of connection" (flask-sock relies on it too).
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Raise StopIteration in place of answering."""
        raise StopIteration


class GatewaySockets(Sock):  # type: ignore[misc]
    """The base of every Sockets: subclasses say in `serve` how an accepted socket is carried."""

    def __init__(self, app: Flask | None = None, limits: Limits | None = None) -> None:
        """Make the extension; `app` may follow by `init_app`. Nothing of the event loop is made before the fork."""
        self.limits = limits or Limits()
        self.roster = Roster()
        self.draining = False
        self.bp: Blueprint | None = None
        self._heartbeat: Heartbeat | None = None
        super().__init__(app)

    @property
    def connections(self) -> Roster:
        """Those whose socket is open or whose Receiver is not done; see Sockets.connections."""
        return self.roster

    def init_app(self, app: Flask) -> None:
        """Register with the application, and the routes that were declared without one."""
        super().init_app(app)
        app.extensions[EXTENSION] = self

    def route(self, path: str, bp: Blueprint | None = None, **options: Any) -> Callable[[View], View]:
        """Register a view for upgrade requests; see Sockets.route."""

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
        """Do the upgrade and carry the socket; return what the WSGI server shall be answered."""
        raise NotImplementedError

    def start_heartbeat(self, interval_seconds: float = 25.0) -> None:
        """Start the heartbeat, once; see Sockets.start_heartbeat."""
        if self._heartbeat is None:
            self._heartbeat = Heartbeat(self.roster, interval_seconds)
            self._heartbeat.start()

    def drain(self, seconds: float, before: Frame | None = None) -> None:
        """Close all with 1012 and wait for them; see Sockets.drain."""
        self.draining = True
        deadline = time.monotonic() + seconds
        self._close_in_slices(seconds, before)
        while self.roster and time.monotonic() < deadline:
            time.sleep(_POLL)
        for member in tuple(self.roster):
            member.cut_off()

    def _close_in_slices(self, seconds: float, before: Frame | None) -> None:
        members = tuple(self.roster)
        slices = len(members) // _SLICE
        pause = min(_PAUSE, 0.8 * seconds / slices) if slices else 0.0
        for number in range(0, len(members), _SLICE):
            if number:
                time.sleep(pause)
            for member in itertools.islice(members, number, number + _SLICE):
                _say_goodbye(member, before)

    def _admit(self) -> None:
        """Raise the refusal that this upgrade request meets before its view is asked."""
        check_upgrade(request.environ)
        self._require_room()

    def _require_room(self) -> None:
        if self.draining or len(self.roster) >= self.limits.max_connections:
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


def _say_goodbye(member: Connection, before: Frame | None) -> None:
    if before is not None:
        member.send(before)
    member.close(RESTARTING)
