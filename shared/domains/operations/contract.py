"""What operators are told over HTTP."""

from pydantic import Field

from shared.domains.operations.models import ProblemKind, Trend, WorkerSign
from shared.kernel.contract import Command, Contract

MOST_PLACES = 256
"""Threads or processes that one worker is grown to: above that its host is what has to grow."""


class QueueItem(Contract):
    """One queue: what waits, what is being done, how long the oldest waits, and where it is heading.

    `change_per_minute` is of what waits; without samples of the last minutes the trend is `unknown`. What has waited
    for more than `too_long_seconds` keeps somebody waiting. `recent` is what waited at each look of the last quarter of
    an hour, one every 15 s, oldest first.
    """

    queue: str
    depth: int
    in_flight: int
    oldest_seconds: float | None = None
    too_long_seconds: float
    recent: list[int] = Field(default_factory=list)
    trend: Trend
    change_per_minute: float | None = None
    dead_letter_queue: str | None = None
    dead_letters: int = 0
    workers: int = 0


class QueueList(Contract):
    """All queues, at the time at which SQS was asked."""

    at: str
    queues: list[QueueItem]


class WorkerItem(WorkerSign):
    """One worker that lives: its queues, its places, how many are taken, and what it has done since its start.

    A `draining` one receives nothing more; it reads again only after a restart.
    """


class WorkerList(Contract):
    """All workers that live, and the queues that none of them consumes."""

    workers: list[WorkerItem]
    unattended: list[str]


class GrowWorker(Command):
    """How many threads or processes a worker is to have in all; the same again adds none."""

    places: int = Field(ge=1, le=MOST_PLACES)


class WorkerGrown(Contract):
    """A worker that has so many threads or processes now."""

    worker: str
    places: int


class WorkerDraining(Contract):
    """A worker that receives nothing more: what runs in it, and what it has received and not begun."""

    worker: str
    running: int
    waiting: int
    is_idle: bool


class PlatformProblem(Contract):
    """One thing that is wrong, in one sentence that names it and what to do."""

    kind: ProblemKind
    sentence: str


class PlatformStatus(Contract):
    """Five numbers and what is wrong, the worst first; a number is absent where nobody could tell it."""

    connections: int | None = None
    workers: int | None = None
    waiting: int | None = None
    oldest_seconds: float | None = None
    letters: int | None = None
    problems: list[PlatformProblem]
