"""A resender and counters that remember."""

from collections import Counter

from shared.kernel.errors import Unavailable
from shared.kernel.ports import StoredJob


class MemoryResender:
    """The port Resender, which lists what it was given; while `is_away` it takes nothing."""

    def __init__(self) -> None:
        """Begin empty."""
        self.sent: list[StoredJob] = []
        self.is_away = False

    def resend(self, job: StoredJob) -> None:
        """Keep a job."""
        if self.is_away:
            raise Unavailable("The queue is away.")
        self.sent.append(job)


class MemoryMetrics:
    """The port Metrics, which adds up by name and labels."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.values: list[tuple[str, float]] = []

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        self.counts[name, *labels.values()] += int(amount)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Keep a value."""
        self.values.append((name, value))
