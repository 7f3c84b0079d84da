"""`GET /ws`: who may open a WebSocket, checked as plain HTTP before the upgrade."""

from collections.abc import Callable

from flask import request

from shared.domains.connections.models import ConnectionKind
from shared.domains.rooms import service as rooms_service
from shared.domains.rooms.errors import TicketRefused
from shared.kernel.errors import DomainError, Forbidden, Unauthorized
from shared.kernel.principal import Principal
from web.origins import is_welcome
from web.realtime.dispatch import ACTIONS
from web.realtime.process import Process
from web.realtime.refusals import RefusedHandshakes
from web.realtime.session import Holder, Session
from web.realtime.sockets.port import Accepted

BEARER = "bearer"
LONGEST_ROOM_TOKEN = 128
Authenticate = Callable[[str], Principal]


class Endpoint:
    """The view of `/ws`; it returns the Receiver of the connection, or raises before the upgrade."""

    def __init__(self, process: Process, authenticate: Authenticate) -> None:
        """Use the process's parts and the finder of tokens' accounts."""
        self._process, self._ports = process, process.ports
        self._authenticate = authenticate
        self._refusals = RefusedHandshakes(process.ports.limits)

    def __call__(self) -> Accepted:
        """Accept who has a valid ticket and comes from an allowed page.

        Raises:
            Forbidden: the Origin is present and not allowed.
            Unauthorized: there is no valid ticket.
            RateLimited: too many from that address were refused.
        """
        address = request.remote_addr or ""
        self._refusals.admit(address)
        self._check_origin()
        try:
            return self._accepted()
        except Unauthorized:
            self._refusals.count(address)
            raise

    def _accepted(self) -> Accepted:
        room_token = request.args.get("roomToken")
        if room_token is not None:
            return Accepted(self._session(self._room_holder(room_token)), _chosen())
        return Accepted(self._session(self._user_holder(_access_token())), _chosen())

    def _session(self, holder: Holder) -> Session:
        return Session(self._process, holder, ACTIONS[holder.kind])

    def _check_origin(self) -> None:
        origin = request.headers.get("Origin")
        if origin is not None and not is_welcome(origin, self._ports.settings):
            raise Forbidden("This origin may not open a WebSocket.", "허용되지 않은 출처입니다.")

    def _room_holder(self, room_token: str) -> Holder:
        if len(room_token) > LONGEST_ROOM_TOKEN:
            raise TicketRefused
        try:
            ticket = rooms_service.redeem_token(
                room_token, rooms=self._ports.rooms, tokens=self._ports.room_tokens, clock=self._ports.clock
            )
        except DomainError as problem:
            raise _refused(problem) from problem
        if self._ports.revocations.is_revoked(ticket.session_id):
            raise Unauthorized("The sign-in has ended.", "로그아웃된 세션입니다.")
        return Holder(ticket.user_id, ticket.session_id, ticket.language, ConnectionKind.ROOM, ticket.room_id)

    def _user_holder(self, token: str) -> Holder:
        principal = self._authenticate(token)
        return Holder(
            principal.user_id,
            principal.session_id,
            principal.language,
            ConnectionKind.USER,
            access_token=token,
            token_until=principal.expires_at,
        )


def _refused(problem: DomainError) -> DomainError:
    """A ticket to a room that is gone, or that its holder left, is no ticket."""
    if problem.status in (403, 404):
        return Unauthorized("The room token is no longer valid.", "방 입장 토큰이 더 이상 유효하지 않습니다.")
    return problem


def _offered() -> list[str]:
    return [part.strip() for part in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]


def _chosen() -> str | None:
    """Return the subprotocol to choose: clients give up an answer that names none of those that they offered."""
    return BEARER if BEARER in _offered() else None


def _access_token() -> str:
    """Return the access token of the query, or of the subprotocols `bearer, <jwt>`."""
    token = request.args.get("token")
    if token is not None:
        return token
    offered = _offered()
    if len(offered) == 2 and offered[0] == BEARER:
        return offered[1]
    raise Unauthorized("A WebSocket needs roomToken or token.", "roomToken 또는 token이 필요합니다.")
