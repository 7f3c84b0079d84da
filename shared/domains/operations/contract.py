"""What operators are told over HTTP."""

from shared.domains.operations.models import Trend, WorkerSign
from shared.kernel.contract import Contract


class QueueItem(Contract):
    """One queue: what waits, what is being done, how long the oldest waits, and where it is heading.

    `change_per_minute` is of what waits; without samples of the last minutes the trend is `unknown`.
    """

    queue: str
    depth: int
    in_flight: int
    oldest_seconds: float | None = None
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
    """One worker that lives: its queues, its places, how many are taken, and what it has done since its start."""


class WorkerList(Contract):
    """All workers that live, and the queues that none of them consumes."""

    workers: list[WorkerItem]
    unattended: list[str]
