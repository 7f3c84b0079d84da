"""One background thread (a greenlet under gevent) that finds the dead and keeps proxies from cutting the idle."""

import logging
import time

from shared.kernel.isolation import isolated
from shared.kernel.loops import forever
from web.realtime.sockets.roster import SLOTS, Roster

_log = logging.getLogger(__name__)
_SHORTEST_TURN = 0.02  # s: bounds the wake-ups of a very short interval


class Heartbeat:
    """Goes round the roster's wheel once an interval, slot by slot, for as long as the process lives."""

    def __init__(self, roster: Roster, interval_seconds: float) -> None:
        self._roster = roster
        self._interval = interval_seconds
        self._started, self._done = 0.0, 0

    def start(self) -> None:
        """Start the thread; after the fork, or it would stay in the parent."""
        self._started = time.monotonic()
        forever("sockets-heartbeat", self._beat, max(self._interval / SLOTS, _SHORTEST_TURN))

    def _beat(self) -> None:
        due = int((time.monotonic() - self._started) / (self._interval / SLOTS))
        self._done = max(self._done, due - SLOTS)  # after a long freeze: one round, not one for each missed
        while self._done < due:
            self.beat_slot(self._done)
            self._done += 1

    def beat_slot(self, number: int) -> None:
        """Let the members of one slot beat, each whatever befalls the others."""
        now = time.monotonic()
        for member in self._roster.on_slot(number):
            with isolated("heartbeat.failed"):  # one broken connection must not end the heartbeat of all the others
                member.beat(now - 2 * self._interval, now - self._interval)
