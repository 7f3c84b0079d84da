"""Values of the running platform as it was seen."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from shared.kernel.contract import Contract


class Trend(StrEnum):
    """Where a queue is heading."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


class QueueDepth(Contract):
    """One queue as SQS counted it: approximate; `oldest_seconds` None where nobody knows."""

    queue: str
    visible: int
    in_flight: int
    delayed: int = 0
    dead: int = 0
    oldest_seconds: float | None = None

    @property
    def waiting(self) -> int:
        """Return what no worker has begun."""
        return self.visible + self.delayed


class Sample(Contract):
    """All queues at one moment, in epoch seconds."""

    at: float
    queues: list[QueueDepth]


class WorkerSign(Contract):
    """The sign of life of one worker: what it is, and what it has done since its start."""

    name: str
    host: str
    pid: int
    queues: list[str]
    pool: str
    places: int
    running: int
    done: int
    version: str
    started_at: str
    heard_at: str
    draining: bool = False

    @property
    def node(self) -> str:
        """Return its name among all workers, by which it is commanded."""
        return f"{self.name}@{self.host}"


class ProblemKind(StrEnum):
    """What is wrong, the worst first."""

    SERVICE_AWAY = "service_away"
    NO_GATEWAY = "no_gateway"
    UNATTENDED = "unattended"
    SILENT_WORKER = "silent_worker"
    LATE_SCHEDULE = "late_schedule"
    WAITS_LONG = "waits_long"
    LETTERS = "letters"
    NO_LETTERS_MADE = "no_letters_made"


class WhyRefused(StrEnum):
    """Why a worker does not do what it was told."""

    FIXED_POOL = "fixed_pool"
    FEWER = "fewer"
    TOO_MANY = "too_many"
    DRAINING = "draining"
    OTHER = "other"


class DrainProgress(NamedTuple):
    """How far a worker is that takes no more."""

    running: int
    waiting: int


@dataclass(frozen=True)
class GroupLoad:
    """What one group of workers has to do; `rate` is the jobs a second that one of its workers shows.

    `backlog` is BacklogPerWorker: 1 is all that its workers can do. `oldest_seconds` None where nobody knows.
    """

    group: str
    workers: int
    waiting: int
    in_flight: int
    rate: float
    backlog: float
    oldest_seconds: float | None


@dataclass(frozen=True)
class Letters:
    """Unsettled letters by state and by fingerprint, of those that were counted."""

    states: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
