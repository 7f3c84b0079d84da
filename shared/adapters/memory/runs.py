"""The book of runs, and claim checks, in dictionaries."""

import time
from dataclasses import dataclass, field

from shared.kernel.errors import Unavailable
from shared.kernel.runs import Arrival, Done, Held, Run


@dataclass
class Entry:
    """What is known of one job."""

    counts: dict[int, int] = field(default_factory=dict)
    fence: int = 0
    lease_until: float = 0.0
    is_done: bool = False
    last_error: str | None = None


class MemoryRuns:
    """What DynamoRuns promises, for one process; while `is_away` it does not answer."""

    def __init__(self) -> None:
        """Begin empty."""
        self.entries: dict[str, Entry] = {}
        self.is_away = False

    def count(self, arrival: Arrival, *, keep_seconds: float) -> Run:
        """Count one more run."""
        entry = self._entry(arrival.job_id)
        number = entry.counts[arrival.replays] = entry.counts.get(arrival.replays, 0) + 1
        return Run(number, last_error=entry.last_error if number > 1 else None)

    def begin(self, arrival: Arrival, *, lease_seconds: float, keep_seconds: float) -> Run | Held | Done:
        """Take a job where nobody holds it."""
        entry = self._entry(arrival.job_id)
        left = entry.lease_until - time.monotonic()
        if entry.is_done or left > 0:
            return Done() if entry.is_done else Held(left)
        entry.fence += 1
        entry.lease_until = time.monotonic() + lease_seconds
        run = self.count(arrival, keep_seconds=keep_seconds)
        return Run(run.number, entry.fence, last_error=run.last_error)

    def renew(self, job_id: str, fence: int, *, lease_seconds: float) -> bool:
        """Hold a job for longer, where it is still ours."""
        entry = self._entry(job_id)
        if entry.fence == fence and not entry.is_done:
            entry.lease_until = time.monotonic() + lease_seconds
        return entry.fence == fence and not entry.is_done

    def complete(self, job_id: str, fence: int) -> bool:
        """Note that a job took effect, where it is still ours."""
        entry = self._entry(job_id)
        is_ours = entry.fence == fence and not entry.is_done
        entry.is_done = entry.is_done or is_ours
        return is_ours

    def forgo(self, arrival: Arrival, fence: int) -> None:
        """Take the count back, end the lease, and raise the fence."""
        entry = self._entry(arrival.job_id)
        if entry.fence == fence and not entry.is_done:
            entry.counts[arrival.replays] -= 1
            entry.fence, entry.lease_until = fence + 1, 0.0

    def fail(self, arrival: Arrival, run: Run, error: str, *, keep_seconds: float) -> None:
        """Keep the error, count, and end the lease."""
        entry = self._entry(arrival.job_id)
        if not run.is_counted:
            entry.counts[arrival.replays] = entry.counts.get(arrival.replays, 0) + 1
        if entry.fence == run.fence:
            entry.last_error, entry.lease_until = error, 0.0

    def _entry(self, job_id: str) -> Entry:
        if self.is_away:
            raise Unavailable("The book of runs is away.")
        return self.entries.setdefault(job_id, Entry())
