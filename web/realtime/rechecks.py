"""Whether those who are connected still may be: asked again, since an order to close may be lost with the bus."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from shared.domains.accounts.errors import SignInEnded
from shared.domains.connections.models import ConnectionKind
from shared.domains.rooms.errors import RoomNotFound
from shared.kernel.errors import DomainError
from shared.kernel.logs import get_log
from shared.kernel.loops import forever
from shared.kernel.times import epoch_seconds
from web.realtime.handlers.connections import GONE_CODE, LEFT_CODE, REVOKED_CODE
from web.realtime.process import Process
from web.realtime.session import Session

EVERY_SECONDS = 30.0
MARGIN_SECONDS = 10
MOST_QUESTIONS = 200
"""People whom the pool is asked about in one look: seven a second, beside those with tokens."""

log = get_log()


class Rechecks:
    """Looks at every connection of a process again: each half minute, and as soon as the bus is back.

    What was ended is in the table, which does not forget; orders to close only make it quick. So an order holds in the
    end whatever was away when it was given: nobody who is signed out, left, or whose room went, stays connected. It
    costs a question a sign-in and a room, not a connection.
    """

    def __init__(self, process: Process, authenticate: Callable[[str], object]) -> None:
        """Look after a process; `authenticate` tells whether an access token still counts, also at the user pool."""
        self._process, self._ports = process, process.ports
        self._authenticate = authenticate
        self._questions = 0
        self._woken, self._stopped = threading.Event(), threading.Event()
        process.when_reconnected.append(self._woken.set)

    def start(self) -> None:
        """Begin."""
        self._loop = forever("rechecks", self._turn)

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._loop.stop()
        self._woken.set()

    def _turn(self) -> None:
        self._woken.wait(EVERY_SECONDS)
        self._woken.clear()
        if not self._stopped.is_set():
            self.look()

    def look(self) -> None:
        """Close what may not be open any more; what cannot be asked now is asked the next time."""
        sessions: list[Session] = list(self._process.sessions)
        random.shuffle(sessions)  # where there are more than may be asked about, each has its turn in time
        self._questions = 0
        for session_id, theirs in _by(lambda one: one.holder.session_id, sessions):
            self._close_if(partial(self._has_ended, session_id, theirs), theirs, REVOKED_CODE)
        rooms = [one for one in sessions if one.holder.kind is ConnectionKind.ROOM]
        for room_id, inside in _by(lambda one: one.room_id, rooms):
            self._look_into(room_id, inside)
        for listener in self._process.listeners.everybody():
            if self._asked(partial(self._ports.revocations.is_revoked, listener.session_id)):
                listener.close(REVOKED_CODE)

    def _has_ended(self, session_id: str, theirs: list[Session]) -> bool:
        if self._ports.revocations.is_revoked(session_id):
            return True
        now = epoch_seconds(self._ports.clock.now())
        token = next((one.holder.access_token for one in theirs if one.holder.token_until > now + MARGIN_SECONDS), None)
        if token is None:
            return self._is_gone(theirs[0].user_id)
        try:
            self._authenticate(token)
        except SignInEnded:
            return True
        return False

    def _is_gone(self, user_id: str) -> bool:
        """Ask the pool for a person: a ticket brings no access token, and a socket may outlive its own."""
        if self._questions >= MOST_QUESTIONS:
            return False
        self._questions += 1
        who = self._ports.identities.find(user_id)
        return who is None or not who.is_enabled

    def _look_into(self, room_id: str, inside: list[Session]) -> None:
        try:
            room = self._ports.rooms.get(room_id)
        except RoomNotFound:
            for session in inside:
                session.connection.close(GONE_CODE, "the room is gone")
            return
        except DomainError as problem:
            log.warning("rechecks.not_asked", problem=problem.code)
            return
        for session in inside:
            if not room.has(session.user_id):
                session.connection.close(LEFT_CODE, "left the room")

    def _close_if(self, has_ended: Callable[[], bool], theirs: Iterable[Session], code: int) -> None:
        if self._asked(has_ended):
            for session in theirs:
                session.connection.close(code, "signed out")

    def _asked(self, question: Callable[[], bool]) -> bool:
        try:
            return question()
        except DomainError as problem:
            log.warning("rechecks.not_asked", problem=problem.code)
            return False


def _by(key: Callable[[Session], str], sessions: list[Session]) -> list[tuple[str, list[Session]]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for session in sessions:
        groups[key(session)].append(session)
    return list(groups.items())
