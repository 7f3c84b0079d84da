"""What ending a turn needs from outside; every method raises Unavailable where nobody answers in time."""

from typing import Protocol

from shared.domains.jobs.models import JobRecord
from shared.domains.turns.models import Answer


class EndingLog(Protocol):
    """Turns while they are being answered."""

    def end(self, turn_id: str, answer: Answer) -> Answer:
        """End a turn, unless it has ended; return the answer that it ended with: the first counts."""


class EndingPurse(Protocol):
    """What a user may still spend today."""

    def give_back(self, user_id: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays."""


class FailingJobs(Protocol):
    """The clients that wait; what has ended is never changed."""

    def fail(self, job_id: str, error: str) -> None:
        """End a job with the code of an error."""


class TurnJobs(Protocol):
    """The records of what clients wait for."""

    def get(self, job_id: str) -> JobRecord | None:
        """Return a record as it stands."""
