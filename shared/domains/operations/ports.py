"""What operations need from outside."""

from datetime import datetime
from typing import NamedTuple, Protocol

from shared.domains.operations.models import DeadLetter
from shared.kernel.contract import Job
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue


class Recorded(NamedTuple):
    """The letter as it stands, and whether this report made or reopened it."""

    letter: DeadLetter
    is_new: bool


class LetterInbox(Protocol):
    """Where deaths are recorded."""

    def record(self, letter: DeadLetter) -> Recorded:
        """Store a death, or reopen the letter of a job that was sent again since; an old death changes nothing.

        A death is new where there is no letter, where its job carried more replays than the letter counts, or as many
        and the letter is REPLAYED. A reopened letter keeps its first time.
        """

    def schedule(self, letter_id: str, at: str) -> None:
        """Let a letter be found by `due` from that time on; again changes nothing."""


class JobTypes(Protocol):
    """The jobs that workers know."""

    def __call__(self, task: str | None, /) -> type[Job] | None:
        """Return the type with that wire name."""


class JobFailures(Protocol):
    """The clients that wait for a job."""

    def fail(self, job_id: str, error: str) -> None:
        """Mark a job FAILED and tell its owner; unknown or finished changes nothing."""


class Redriven(NamedTuple):
    """A message in a queue's dead-letter queue.

    `job` is what could be read out of it. `reason` and `error` are there where our transport set it aside, and absent
    where SQS did by its redrive policy.
    """

    queue: Queue
    receipt: str
    message_id: str
    body: str
    sent_at: datetime
    receives: int
    attempts: int = 0
    job: StoredJob | None = None
    reason: str | None = None
    error: str | None = None
    group: str | None = None


class RedriveQueues(Protocol):
    """The queues' own dead-letter queues."""

    def receive(self, queue: Queue) -> list[Redriven]:
        """Return some messages, hidden from others for five minutes; none where there are none.

        Raises:
            Unavailable: SQS did not answer.
        """

    def delete(self, message: Redriven) -> None:
        """Remove a message; again changes nothing."""
