"""Runs of jobs: how often one has begun, which worker holds it, and how it ended."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a job's message came; times in seconds.

    `receives` is SQS's count, which hand-backs and crashes raise alike. `replays` counts how often the job was sent
    again after it had died; attempts are counted anew each time.
    """

    job_id: str
    receives: int = 1
    queue_seconds: float = 0.0
    group: str | None = None
    correlation_id: str | None = None
    replays: int = 0
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that may begin; `number` counts from 1.

    `fence` rises with each run of a job that must take effect once; 0 means that nothing holds the job. `is_counted`
    tells whether the count is kept already. `last_error` is how an earlier run ended, None where none is known.
    """

    number: int
    fence: int = 0
    is_counted: bool = True
    first_at: str | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Another run of the job lives, or was not yet found dead; `seconds` are left of its lease."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """The job took effect before."""


class Runs(Protocol):
    """The book of runs; every method raises Unavailable where it does not answer in time."""

    def count(self, arrival: Arrival, *, keep_seconds: float) -> Run:
        """Count one more run of a job that repeats harmlessly, and let it begin."""

    def begin(self, arrival: Arrival, *, lease_seconds: float, keep_seconds: float) -> Run | Held | Done:
        """Take a job that must take effect once, where nobody holds it, and count the run; of many at once one gets it.

        What is known of it is forgotten after `keep_seconds`.
        """

    def renew(self, job_id: str, fence: int, *, lease_seconds: float) -> bool:
        """Hold a job for longer; tell whether it is still ours."""

    def complete(self, job_id: str, fence: int) -> bool:
        """Note that the job took effect, where it is still ours; tell whether it was."""

    def forgo(self, arrival: Arrival, fence: int) -> None:
        """Let another run begin at once and count this one as none, where the job is still ours: its host goes away.

        What this run may still bring about comes too late.
        """

    def fail(self, arrival: Arrival, run: Run, error: str, *, keep_seconds: float) -> None:
        """Note how a run ended, count it if that was not done, and let another begin at once."""
