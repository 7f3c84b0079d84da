"""What operators' views need from outside."""

from collections.abc import Sequence
from typing import Protocol

from shared.domains.operations.models import DrainProgress, GroupLoad, Letters, QueueDepth, Sample, WorkerSign


class QueueDepths(Protocol):
    """The queues as SQS counts them."""

    def read(self) -> list[QueueDepth]:
        """Return every queue; one call a queue and dead-letter queue.

        Raises:
            Unavailable: SQS does not answer.
        """


class Published(Protocol):
    """Where alarms and scaling policies outside of the platform look."""

    def publish(self, letters: Letters, loads: Sequence[GroupLoad]) -> None:
        """Publish how many letters are unsettled, and what each group of workers has to do.

        Raises:
            Unavailable: it cannot be published.
        """


class QueueHistory(Protocol):
    """What the poller saw of late."""

    def note(self, sample: Sample) -> None:
        """Keep a sample for a quarter of an hour.

        Raises:
            Unavailable: it cannot be kept.
        """

    def samples(self) -> list[Sample]:
        """Return the samples of the last quarter of an hour, oldest first.

        Raises:
            Unavailable: they cannot be read.
        """

    def may_poll(self, poller: str, seconds: float) -> bool:
        """Tell whether this poller is the one that polls for so long; of several at once one is.

        Raises:
            Unavailable: nobody can tell.
        """


class WorkerSigns(Protocol):
    """The signs of life of workers."""

    def tell(self, sign: WorkerSign, *, keep_seconds: float) -> None:
        """Say that a worker lives; it is forgotten after so long.

        Raises:
            Unavailable: it cannot be kept.
        """

    def living(self) -> list[WorkerSign]:
        """Return the workers that told of late, by name.

        Raises:
            Unavailable: they cannot be read.
        """


class WorkerControl(Protocol):
    """Commands to a worker that runs, by its node's name; each may be given again."""

    def drain(self, worker: str) -> DrainProgress:
        """Have it receive nothing more and finish what it has; return how far it is.

        Raises:
            WorkerRefused: it does not; it says why.
            Unavailable: it does not answer; it may have heard.
        """

    def grow(self, worker: str, places: int) -> int:
        """Have it add threads or processes until there are so many; return how many there are.

        Raises:
            WorkerRefused: it does not; it says why.
            Unavailable: it does not answer; it may have heard.
        """
