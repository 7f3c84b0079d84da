"""What a load measured: how long each thing took, what failed, and which objectives were kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

from speaktracker_client.errors import RateLimited, SpeakTrackerError

MESSAGE, DELIVERED, READ, TURN, SCORED, HEARD = "message", "delivered", "history", "turn", "scored", "heard"


@dataclass(frozen=True)
class Promise:
    """Of all that were measured, so many within so many seconds."""

    what: str
    name: str
    share: float
    seconds: float


PROMISES = (
    Promise("messages acknowledged", MESSAGE, 0.5, 0.050),
    Promise("messages delivered", DELIVERED, 0.99, 0.2),
    Promise("histories read", READ, 0.9, 0.050),
    Promise("turns of the partner answered", TURN, 0.95, 10.0),
    Promise("sentences scored", SCORED, 0.95, 25.0),
    Promise("messages spoken", HEARD, 0.95, 10.0),
)
"""The objectives (docs/operations.md) as people see them from outside, with the gateway's own patience for a score."""
AVAILABLE = 0.999


@dataclass(frozen=True)
class Verdict:
    """How one promise fared; times in seconds."""

    promise: Promise
    count: int
    within: float
    median: float
    p95: float
    p99: float

    @property
    def is_kept(self) -> bool:
        """Tell whether the promise was kept; of what did not happen nothing is known."""
        return self.count > 0 and self.within >= self.promise.share


class Record:
    """Times by their name, and failures by what was done and how it was refused."""

    def __init__(self) -> None:
        """Begin with nothing; nothing is counted before `is_open`, while people sign in."""
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self.limited = 0
        self.is_open = False

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure what is done; a refusal is counted in place of its time, and goes no further."""
        began = perf_counter()
        try:
            yield
        except RateLimited:
            self.limited += 1
        except (SpeakTrackerError, TimeoutError) as problem:
            if self.is_open:
                self.failures[f"{name}: {type(problem).__name__} {getattr(problem, 'code', '')}".rstrip()] += 1
        else:
            self.add(name, perf_counter() - began)

    def add(self, name: str, seconds: float) -> None:
        """Add a time."""
        if self.is_open:
            self.seconds[name].append(seconds)

    @property
    def available(self) -> float:
        """Return the share of all that was asked for that did not fail."""
        done = sum(len(found) for name, found in self.seconds.items() if name != DELIVERED)
        failed = sum(self.failures.values())
        return done / (done + failed) if done + failed else 1.0

    def verdicts(self) -> list[Verdict]:
        """Return how each promise fared of which anything was measured."""
        return [verdict_on(promise, self.seconds[promise.name]) for promise in PROMISES if self.seconds[promise.name]]


def verdict_on(promise: Promise, seconds: list[float]) -> Verdict:
    """Return how a promise fared by these times, of which there is one at least."""
    percentiles = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    within = sum(one <= promise.seconds for one in seconds) / len(seconds)
    return Verdict(promise, len(seconds), within, median(seconds), percentiles[94], percentiles[98])
