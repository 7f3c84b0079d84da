"""What every domain needs from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.kernel.contract import Event, Job
from shared.kernel.topics import Topic


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """Return the aware UTC time."""

    def sleep(self, seconds: float) -> None:
        """Wait, without holding up anybody else."""


class Ids(Protocol):
    """Fresh names."""

    def new(self) -> str:
        """Return a random UUID."""


class JobQueue(Protocol):
    """Hands jobs to workers, at least once each."""

    def enqueue(self, job: Job) -> None:
        """Return when the queue has the job safely.

        Raises:
            Unavailable: the queue could not take it; enqueuing again is safe.
        """


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as it was sent: `arguments` are its wire form, `replays` counts how often it was sent again."""

    job_id: str
    task: str
    queue: str
    arguments: dict[str, Any]
    group: str | None = None
    replays: int = 0
    correlation_id: str | None = None


class Resender(Protocol):
    """Hands stored jobs to workers again."""

    def resend(self, job: StoredJob) -> None:
        """Return when the job's own queue has it again, under the same job id and in the same message group.

        On a FIFO queue each replay has a deduplication id of its own; the same replay sent twice arrives once.

        Raises:
            Unavailable: the queue could not take it; sending again is safe.
        """


class EventBus(Protocol):
    """Tells every gateway process at once; what nobody hears is gone."""

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None) -> None:
        """Push an event to every connection that listens to the topic, except one user's.

        Raises:
            Unavailable: the bus did not answer.
        """

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Order gateways to close the topic's connections with a WebSocket code; `only` narrows by attribute."""


class Metrics(Protocol):
    """Counts what happens."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Record one value of a distribution."""


class Log(Protocol):
    """A structured log of what happened."""

    def info(self, event: str, **fields: Any) -> Any:
        """Record something that happened."""

    def warning(self, event: str, **fields: Any) -> Any:
        """Record something that a person may want to look at."""
