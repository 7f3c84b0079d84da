"""The jobs that take in what has died and send it again."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from shared.domains.operations.models import Death, LetterState, Wanted
from shared.kernel.contract import Command, Contract, Job
from shared.kernel.queues import Queue, RetryPolicy, WhenDead
from shared.kernel.times import instant, timestamp


def _whole(text: str) -> str:
    """Return a time to its microseconds, so that text order is time order."""
    return timestamp(instant(text))


Timestamp = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z$"), AfterValidator(_whole)
]


class Letter(Contract):
    """A death as it is reported; times are timestamps, the keys name S3 objects in place of what they hold.

    `replays` is the count that the job itself carried, by which a new death is told from an old one reported again.
    """

    job_id: str
    task: str | None = None
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
    raw_body_key: str | None = None
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


class SweepRedriveQueues(Job):
    """Turn what lies in the queues' own dead-letter queues into letters; beat asks for it."""

    name: ClassVar[str] = "operations.sweep_redrive_queues"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class ReplayDueLetters(Job):
    """Send the letters again whose own time has come; beat asks for it."""

    name: ClassVar[str] = "operations.replay_due_letters"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class Filters(Command):
    """Which letters an operator means."""

    queue: str | None = None
    task: str | None = None
    fingerprint: str | None = None
    state: LetterState | None = None
    since: Timestamp | None = Field(None, alias="from")
    until: Timestamp | None = Field(None, alias="to")

    def wanted(self) -> Wanted:
        """Return the filters as the store takes them."""
        return Wanted(self.queue, self.task, self.fingerprint, self.state, self.since, self.until)


class ReplayDeadLetters(Job):
    """Send all open letters again that match, oldest first, so many a second; one run of several.

    `after` is the place in the list that earlier runs reached. `canary` names the one that was sent first, and
    `canary_until` how long its success is waited for.
    """

    name: ClassVar[str] = "operations.replay_dead_letters"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True

    job_id: str
    by: str
    filters: Filters
    rate_per_second: float = 5.0
    with_canary: bool = False
    canary: str | None = None
    canary_until: str | None = None
    after: dict[str, str] | None = None
    sent: int = 0
    skipped: int = 0

    def awaited_as(self) -> str | None:
        """Return the operator's job."""
        return self.job_id
