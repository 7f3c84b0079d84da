"""Which sockets a deployment gets: SOCKETS=lean, plain or auto."""

from typing import Any, Literal

from flask import Flask, Response

from web.realtime.sockets.gateway import GatewaySockets
from web.realtime.sockets.lean.sockets import LeanSockets, can_be_lean
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.plain.sockets import PlainSockets, serve_plainly
from web.realtime.sockets.port import Accepted

Kind = Literal["lean", "plain", "auto"]


class AutoSockets(LeanSockets):
    """Lean where the server allows it (gunicorn's gevent worker), plain elsewhere."""

    def serve(self, environ: dict[str, Any], accepted: Accepted) -> Response:
        """Carry the socket the one way or the other, by what the request's server is."""
        if can_be_lean(environ):
            return super().serve(environ, accepted)
        return serve_plainly(environ, accepted, self.roster, self.limits)


_KINDS: dict[Kind, type[GatewaySockets]] = {"lean": LeanSockets, "plain": PlainSockets, "auto": AutoSockets}


def choose_sockets(kind: Kind, app: Flask | None = None, limits: Limits | None = None) -> GatewaySockets:
    """Return the sockets of that kind; `lean` refuses upgrades with 500 where it cannot work, `auto` never does."""
    return _KINDS[kind](app, limits)
