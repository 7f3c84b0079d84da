"""What a gateway process does again and again: its life sign, and putting back what Redis forgot."""

import threading
import time

from shared.domains.connections.contract import GatewayAlive
from shared.domains.connections.models import ConnectionKind, GatewayRecord
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import JobQueue
from shared.kernel.times import timestamp
from web.realtime.gateway import Gateway
from web.realtime.handlers.connections import record
from web.realtime.session import Session

ROUND_SECONDS = 10.0
LIFE_SIGN_ROUNDS = 3
RENEW_SECONDS = 900.0

log = get_log()


class Rounds:
    """Runs in a thread of its own (a greenlet in the gateway) until stopped."""

    def __init__(self, gateway: Gateway, jobs: JobQueue) -> None:
        """Look after the given gateway."""
        self._gateway = gateway
        self._jobs = jobs
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="rounds", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()

    def _run(self) -> None:
        number = 0
        while not self._stopped.is_set():
            try:
                self._round(number)
            except Unavailable as problem:
                log.warning("rounds.interrupted", problem=str(problem))
            number += 1
            self._stopped.wait(ROUND_SECONDS)

    def _round(self, number: int) -> None:
        sessions: list[Session] = list(self._gateway.sessions)
        if not self._gateway.channels.is_known(self._gateway.gateway_id):
            for session in sessions:
                self._put_back(session)
            self._gateway.channels.know(self._gateway.gateway_id)
        if number % LIFE_SIGN_ROUNDS == 0:
            self._jobs.enqueue(GatewayAlive(gateway=self._life_sign(sessions)))
        for session in sessions:
            self._renew(session)
        self._gateway.hub.sweep()

    def _put_back(self, session: Session) -> None:
        gateway, holder = self._gateway, session.holder
        if holder.kind is ConnectionKind.ROOM:
            gateway.presence.enter(session.room_id, session.user_id, session.connection_id)
        else:
            connected = session.connected_at.timestamp()
            allowed = gateway.settings.connections_per_user
            gateway.channels.open(session.user_id, session.connection_id, connected, allowed=allowed)

    def _renew(self, session: Session) -> None:
        if time.monotonic() - session.recorded_at >= RENEW_SECONDS:
            session.recorded_at = time.monotonic()
            record(session)

    def _life_sign(self, sessions: list[Session]) -> GatewayRecord:
        kinds = [session.holder.kind for session in sessions]
        return GatewayRecord(
            gateway_id=self._gateway.gateway_id,
            heard_at=timestamp(self._gateway.clock.now()),
            room_connections=kinds.count(ConnectionKind.ROOM),
            user_connections=kinds.count(ConnectionKind.USER),
        )
