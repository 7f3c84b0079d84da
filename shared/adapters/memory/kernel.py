"""A clock that is set, ids that count, a queue and a bus that remember."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson

from shared.kernel.contract import Event, Job
from shared.kernel.errors import Unavailable
from shared.kernel.measures import MEASURES
from shared.kernel.ports import Readings, StoredJob
from shared.kernel.topics import Topic


class SetClock:
    """A clock that stands still until it is moved; `sleep` moves it and then calls `meanwhile`."""

    def __init__(self, at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) -> None:
        """Stand at an instant."""
        self.at = at
        self.meanwhile: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Return the instant, a microsecond later each time, so that order shows."""
        self.at += timedelta(microseconds=1)
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)
        self.meanwhile()


class CountedIds:
    """Ids that count: id-1, id-2 and so on."""

    def __init__(self) -> None:
        """Begin at 1."""
        self._last = 0

    def new(self) -> str:
        """Return the next id."""
        self._last += 1
        return f"id-{self._last}"

    def secret(self) -> str:
        """Return the next id: nobody guesses in a test."""
        return self.new()


class MemoryJobs:
    """A JobQueue that lists what a worker would read of what it was given; while `is_away` it takes nothing.

    A job is encoded and read again, as on a queue: what JSON cannot hold is refused, and nobody shares an object.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.jobs: list[Job] = []
        self.is_away = False

    def enqueue(self, job: Job) -> None:
        """Encode a job and keep it."""
        if self.is_away:
            raise Unavailable("The queue is away.")
        self.jobs.append(type(job).read(orjson.loads(orjson.dumps(job.wire()))))


class MemoryEvents:
    """An EventBus that remembers what was published and which closings were ordered."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.published: list[tuple[Topic, Event, str | None]] = []
        self.closed: list[tuple[Topic, int, dict[str, str]]] = []
        self.is_away = False

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        """Remember an event; while the bus is away it is lost."""
        if self.is_away and must_arrive:
            raise Unavailable("The bus is away.")
        if not self.is_away:
            self.published.append((topic, event, except_user))

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Remember an order to close."""
        self.closed.append((topic, code, only))


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
    """The ports Metrics and Gauges, which add up by name and labels; an unknown name or label is a KeyError."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.watched: dict[str, Callable[[], Readings]] = {}
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.values: list[tuple[str, float]] = []

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        _known(name, labels)
        self.counts[name, *labels.values()] += int(amount)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Keep a value."""
        _known(name, labels)
        self.values.append((name, value))

    def watch(self, name: str, read: Callable[[], Readings]) -> None:
        """Keep what reads."""
        self.watched[MEASURES[name].name] = read


def _known(name: str, labels: dict[str, str]) -> None:
    if set(MEASURES[name].labels) != set(labels):
        raise KeyError(f"{name} has the labels {MEASURES[name].labels}")
