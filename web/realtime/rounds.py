"""What a gateway process does again and again: its life sign, and putting back what Redis forgot."""

import time

from shared.domains.connections.contract import GatewayAlive
from shared.domains.connections.models import ConnectionKind, GatewayRecord
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.loops import Loop
from shared.kernel.times import timestamp
from web.realtime.handlers.connections import record
from web.realtime.process import Process
from web.realtime.session import Session

ROUND_SECONDS = 10.0
LIFE_SIGN_ROUNDS = 3
RENEW_SECONDS = 900.0

log = get_log()


class Rounds:
    """Runs in a thread of its own (a greenlet in the gateway) until stopped."""

    def __init__(self, process: Process) -> None:
        """Look after a process."""
        self._process, self._ports = process, process.ports
        self._loop = Loop("rounds", self._turn, ROUND_SECONDS)
        self._number = 0

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def stop(self) -> None:
        """End."""
        self._loop.stop()

    def _turn(self) -> None:
        try:
            self._round(self._number)
        except Unavailable as problem:
            log.warning("rounds.interrupted", problem=str(problem))
        finally:
            self._number += 1

    def _round(self, number: int) -> None:
        sessions: list[Session] = list(self._process.sessions)
        if not self._ports.channels.is_known(self._ports.gateway_id):
            for session in sessions:
                self._put_back(session)
            self._ports.channels.know(self._ports.gateway_id)
        if number % LIFE_SIGN_ROUNDS == 0:
            self._ports.jobs.enqueue(GatewayAlive(gateway=self._life_sign(sessions)))
        for session in sessions:
            self._renew(session)
        self._process.hub.sweep()

    def _put_back(self, session: Session) -> None:
        ports, holder = self._ports, session.holder
        if holder.kind is ConnectionKind.ROOM:
            ports.presence.enter(session.room_id, session.user_id, session.connection_id)
        else:
            connected = session.connected_at.timestamp()
            allowed = ports.settings.connections_per_user
            ports.channels.open(session.user_id, session.connection_id, connected, allowed=allowed)

    def _renew(self, session: Session) -> None:
        if time.monotonic() - session.recorded_at >= RENEW_SECONDS:
            session.recorded_at = time.monotonic()
            record(session)

    def _life_sign(self, sessions: list[Session]) -> GatewayRecord:
        kinds = [session.holder.kind for session in sessions]
        return GatewayRecord(
            gateway_id=self._ports.gateway_id,
            heard_at=timestamp(self._ports.clock.now()),
            room_connections=kinds.count(ConnectionKind.ROOM),
            user_connections=kinds.count(ConnectionKind.USER),
        )
