"""The one Pydantic configuration of everything that crosses a process boundary."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.kernel.queues import Queue, RetryPolicy, WhenDead


class Contract(BaseModel):
    """A frozen value with camelCase names on the wire; a field that is not declared is refused with its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    written_when_null: ClassVar[frozenset[str]] = frozenset()
    """Wire names of fields that clients look for also where they are null."""

    spread_when_written: ClassVar[str | None] = None
    """The field whose own fields stand beside the others on the wire."""

    def wire(self) -> dict[str, Any]:
        """Return the JSON form: camelCase names, absent where null but for those that clients look for."""
        return dict.fromkeys(self.written_when_null) | self.model_dump(mode="json", by_alias=True, exclude_none=True)


LONGEST_WORDS = 8_192
"""Characters of a text in a command, where the field itself does not say; no key, name or message of ours is longer."""


class Command(Contract):
    """What a client wishes; every text in it has a bound, so that what is taken can be stored."""

    model_config = ConfigDict(str_max_length=LONGEST_WORDS)


class Event(Contract):
    """What clients are told; `type` is its name on the wire."""


class Job(Contract):
    """What a worker is asked: it carries its own wire name, queue and retry policy.

    A job whose effect repeats harmlessly says so (`idempotent`), and no ledger is kept for it.
    """

    name: ClassVar[str]
    queue: ClassVar[Queue]
    retry: ClassVar[RetryPolicy] = RetryPolicy()
    idempotent: ClassVar[bool] = False
    when_dead: ClassVar[WhenDead] = WhenDead.PARK

    @classmethod
    def read(cls, arguments: dict[str, Any]) -> Self:
        """Parse what a queue delivered; unknown fields are passed over, so that an old worker reads a newer job."""
        return cls.model_validate(arguments, extra="ignore")

    def fair_share_group(self) -> str | None:
        """Return the person this work is for, so that a thousand jobs of one do not delay another's; None for many."""
        return None

    def identity(self) -> str | None:
        """Return the id under which this job takes effect once, however often it is enqueued; None for a new one."""
        return None

    def awaited_as(self) -> str | None:
        """Return the jobId under which a client asks about this work; None where nobody does."""
        return None


class AwaitedJob(Job):
    """Work that one person asked for and waits for, under a jobId of theirs.

    It shares the queue fairly with other people's work, and the same jobId enqueued again is the same work.
    """

    job_id: str
    user_id: str

    def fair_share_group(self) -> str | None:
        """Return the person who asked."""
        return self.user_id

    def identity(self) -> str | None:
        """Return the jobId, or None where nobody awaits this one."""
        return self.awaited_as()

    def awaited_as(self) -> str | None:
        """Return the jobId."""
        return self.job_id
