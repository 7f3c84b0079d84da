"""The jobs that take in what has died and send it again; what operators ask of dead letters, and what they see."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.domains.dead_letters.models import (
    Audit,
    AwaitedBy,
    DeadLetter,
    Death,
    LetterCheck,
    LetterState,
    ReplayOutcome,
    Wanted,
    redacted,
)
from shared.kernel.bounds import Storable
from shared.kernel.contract import Command, Contract, Job
from shared.kernel.queues import Queue, RetryPolicy, WhenDead
from shared.kernel.redaction import kind_of, without_message
from shared.kernel.times import instant, timestamp
from shared.kernel.uuids import named_uuid


def _whole(text: str) -> str:
    """Return a time to its microseconds, so that text order is time order."""
    return timestamp(instant(text))


_WRITTEN = "^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?Z$"
Timestamp = Annotated[
    str,
    StringConstraints(pattern=_WRITTEN),
    AfterValidator(_whole),
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

    name: ClassVar[str] = "dead_letters.route_dead_letter"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=300.0)
    idempotent: ClassVar[bool] = True

    letter: Letter


class ParkMessage(Job):
    """Keep a message that cannot be run and came to the router's own queue, which has no dead letters."""

    name: ClassVar[str] = "dead_letters.park_message"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True

    body: str
    error: str
    reason: str = "unroutable"
    message_id: str = ""
    receives: int = 0


class SweepRedriveQueues(Job):
    """Turn what lies in the queues' own dead-letter queues into letters; beat asks for it."""

    name: ClassVar[str] = "dead_letters.sweep_redrive_queues"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class SweepVanishedJobs(Job):
    """End the jobs of which nothing was heard for longer than their queue keeps a message; beat asks for it."""

    name: ClassVar[str] = "dead_letters.sweep_vanished_jobs"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class ReplayDueLetters(Job):
    """Send again the letters that are due; beat asks for it."""

    name: ClassVar[str] = "dead_letters.replay_due_letters"
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

    `after` is the place in the list that earlier runs reached, and `run` their number. `canary` names the letter that
    was sent first, and `canary_until` says how long its success is waited for.
    """

    name: ClassVar[str] = "dead_letters.replay_dead_letters"
    queue: ClassVar[Queue] = Queue.DEAD_LETTERS

    job_id: str
    by: str
    filters: Filters
    rate_per_second: float = 5.0
    with_canary: bool = False
    canary: str | None = None
    canary_until: str | None = None
    after: dict[str, str] | None = None
    run: int = 0
    sent: int = 0
    skipped: int = 0

    def identity(self) -> str | None:
        """Return a name of this run: one that is delivered twice does not queue two that follow it."""
        return named_uuid(f"replay\n{self.job_id}\n{self.run}")

    def awaited_as(self) -> str | None:
        """Return the operator's job."""
        return self.job_id


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class ListDeadLetters(Filters):
    """List letters, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class EditDeadLetter(Command):
    """Write a letter's arguments anew; a parked letter needs the task too."""

    arguments: Storable
    task: str | None = None


class DiscardDeadLetter(Command):
    """Be done with a letter."""

    reason: Reason


class DeadLetterItem(Contract):
    """A letter in a list: nobody's words."""

    id: str
    state: str
    task: str | None
    queue: str
    death: str
    error: str
    fingerprint: str
    attempts: int
    receives: int
    replays: int
    correlation_id: str | None
    first_at: str
    last_at: str
    replay_at: str | None
    succeeded_at: str | None
    reason: str | None

    @classmethod
    def of(cls, letter: DeadLetter) -> Self:
        """Return the letter with its error's message as a length."""
        return cls(**letter.model_dump(include=set(cls.model_fields)) | {"error": without_message(letter.error)})


class DeadLetterDetails(DeadLetterItem):
    """A letter whole; texts are lengths unless they were revealed. Without `awaitedBy` nobody waits for its job."""

    traceback: str
    is_transient: bool
    arguments: dict[str, Any] | None
    arguments_key: str | None
    raw_body: str | None
    raw_body_key: str | None
    message_group: str | None
    awaited_by: AwaitedBy | None
    audit: list[Audit]

    @classmethod
    def shown(
        cls, letter: DeadLetter, audit: list[Audit], *, is_revealed: bool, awaited_by: AwaitedBy | None = None
    ) -> Self:
        """Return what an operator sees."""
        fields = letter.model_dump(include=set(cls.model_fields)) | {"audit": audit, "awaited_by": awaited_by}
        return cls(**fields if is_revealed else fields | redacted(letter))


class LetterGroup(Contract):
    """Unsettled letters of one cause."""

    fingerprint: str
    task: str | None
    queue: str
    death: str
    error: str
    count: int
    first_at: str
    last_at: str

    @classmethod
    def of(cls, letters: list[DeadLetter]) -> Self:
        """Return what letters of one fingerprint, the newest first, have in common."""
        newest = letters[0]
        return cls(
            **newest.model_dump(include={"fingerprint", "task", "queue", "death", "last_at"}),
            error=kind_of(newest.error),
            count=len(letters),
            first_at=min(letter.first_at for letter in letters),
        )


class LetterGroups(Contract):
    """Unsettled letters by their cause; where not `isWhole`, older ones were not counted."""

    groups: list[LetterGroup]
    is_whole: bool


class LetterReplayed(Contract):
    """What became of a letter that was to be sent again."""

    id: str
    replayed: bool
    outcome: ReplayOutcome


class ReplayMatching(Filters):
    """Send all open letters again that match; everything is chosen by `all`, so that an empty body chooses nothing."""

    every: bool = Field(False, alias="all")
    dry_run: bool = False
    canary: bool = False
    rate_per_second: float = Field(5.0, ge=0.1, le=50)

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        if self.state not in (None, LetterState.OPEN):
            raise ValueError("only open letters are replayed")
        if not self.every and not any((self.queue, self.task, self.fingerprint, self.since, self.until)):
            raise ValueError("name a queue, task, fingerprint or time, or say all: true")
        return self


class DryRun(Contract):
    """What a replay would come to: how many letters match (at least, where not `isWhole`), and the first."""

    matching: int
    is_whole: bool
    checks: list[LetterCheck]
