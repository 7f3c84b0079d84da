"""One background thread (a greenlet under gevent) that finds the dead and keeps proxies from cutting the idle."""

import logging
import threading
import time

from web.realtime.sockets.roster import SLOTS, Roster

_log = logging.getLogger(__name__)
_SHORTEST_TURN = 0.02  # s: bounds the wake-ups of a very short interval


class Heartbeat:
    """Goes round the roster's wheel once an interval, slot by slot, for as long as the process lives."""

    def __init__(self, roster: Roster, interval_seconds: float) -> None:
        self._roster = roster
        self._interval = interval_seconds

    def start(self) -> None:
        """Start the thread; after the fork, or it would stay in the parent."""
        threading.Thread(target=self._run, name="sockets-heartbeat", daemon=True).start()

    def _run(self) -> None:
        turn = self._interval / SLOTS
        started = time.monotonic()
        done = 0
        while True:
            time.sleep(max(turn, _SHORTEST_TURN))
            due = int((time.monotonic() - started) / turn)
            done = max(done, due - SLOTS)  # after a long freeze: one round, not one for each missed
            while done < due:
                self.beat_slot(done)
                done += 1

    def beat_slot(self, number: int) -> None:
        """Let the members of one slot beat, each whatever befalls the others."""
        now = time.monotonic()
        for member in self._roster.on_slot(number):
            try:
                member.beat(now - 2 * self._interval, now - self._interval)
            except Exception:  # one broken connection must not end the heartbeat of all the others
                _log.exception("heartbeat of a connection failed")
