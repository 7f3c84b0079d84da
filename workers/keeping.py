"""Keeping the lease on a job that must take effect once, for as long as its run lives and is within its limit."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.loops import Loop, forever
from shared.kernel.runs import Arrival, Runs

log = get_log()


@dataclass(eq=False, slots=True)
class _Kept:
    """One lease; times are monotonic."""

    arrival: Arrival
    fence: int
    renew_at: float
    renew_until: float


class LeaseKeeper:
    """One thread a process, started with the first lease: so it is made after the fork, where there is one.

    A lease is renewed when a third of it is used. A process that dies renews no more, and another run begins within
    one lease, however long the job's limit is.
    """

    def __init__(self, runs: Callable[[], Runs], lease_seconds: float) -> None:
        """Keep nothing yet; the book of runs is asked for when there is a lease to keep."""
        self._runs, self.lease_seconds = runs, lease_seconds
        self._kept: set[_Kept] = set()
        self._lock = threading.Lock()
        self._loop: Loop | None = None

    @contextmanager
    def keeping(self, arrival: Arrival, fence: int, limit_seconds: float) -> Iterator[None]:
        """Renew a lease while the block runs, but not beyond the limit: what is stuck must not hold a job for ever."""
        now = time.monotonic()
        kept = _Kept(arrival, fence, now + self.lease_seconds / 3, now + limit_seconds)
        with self._lock:
            self._kept.add(kept)
            if self._loop is None:
                self._loop = forever("lease-keeper", self._renew_due, self.lease_seconds / 12)
        try:
            yield
        finally:
            with self._lock:
                self._kept.discard(kept)

    def forgo_all(self) -> None:
        """Let go of everything, since this process ends before it is done: other workers begin at once.

        What cannot be told is theirs when its lease ends.
        """
        with self._lock:
            kept, self._kept = self._kept, set()
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.stop()
        for one in kept:
            try:
                self._runs().forgo(one.arrival, one.fence)
            except Unavailable:
                log.warning("lease.not_let_go", jobId=one.arrival.job_id)

    def _renew_due(self) -> None:
        now = time.monotonic()
        with self._lock:
            due = [kept for kept in self._kept if kept.renew_at <= now < kept.renew_until]
        for kept in due:
            try:
                self._runs().renew(kept.arrival.job_id, kept.fence, lease_seconds=self.lease_seconds)
                kept.renew_at = now + self.lease_seconds / 3
            except Unavailable:
                log.warning("lease.not_renewed", jobId=kept.arrival.job_id)  # the next turn tries again
