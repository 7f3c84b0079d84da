"""The job that takes in what has died."""

from enum import StrEnum
from typing import Any, ClassVar

from shared.kernel.contract import Contract, Job
from shared.kernel.queues import Queue, RetryPolicy


class Death(StrEnum):
    """How a job ended: given up, never acknowledged by any worker, or in a message that nobody can read."""

    FAILED = "failed"
    NEVER_ACKNOWLEDGED = "never_acknowledged"
    UNREADABLE = "unreadable"


class Letter(Contract):
    """A death as it is reported; times are timestamps, `arguments_key` names an S3 object in place of `arguments`."""

    job_id: str
    task: str | None
    queue: str
    death: Death
    error: str
    traceback: str = ""
    is_transient: bool = False
    attempts: int = 0
    receives: int = 0
    replays: int = 0
    arguments: dict[str, Any] | None = None
    arguments_key: str | None = None
    raw_body: str | None = None
    message_group: str | None = None
    correlation_id: str | None = None
    first_at: str
    last_at: str


class RouteDeadLetter(Job):
    """Record a death and decide what becomes of it; the same death again changes nothing.

    The one job that is never given up: a router that wrote letters about its own letters would never end.
    """

    name: ClassVar[str] = "operations.route_dead_letter"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=300.0)
    idempotent: ClassVar[bool] = True

    letter: Letter
