"""What operators ask of dead letters, and what they see."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from shared.domains.operations.contract import Filters
from shared.domains.operations.models import Audit, DeadLetter
from shared.kernel.contract import Command, Contract
from shared.kernel.redaction import kind_of, length_of, places_of, without_message, without_texts

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class ListDeadLetters(Filters):
    """List letters, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class EditDeadLetter(Command):
    """Write a letter's arguments anew; a parked letter needs the task too."""

    arguments: dict[str, Any]
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
    """A letter whole; texts are lengths unless they were revealed."""

    traceback: str
    is_transient: bool
    arguments: dict[str, Any] | None
    arguments_key: str | None
    raw_body: str | None
    raw_body_key: str | None
    message_group: str | None
    audit: list[Audit]

    @classmethod
    def shown(cls, letter: DeadLetter, audit: list[Audit], *, is_revealed: bool) -> Self:
        """Return what an operator sees."""
        fields = letter.model_dump(include=set(cls.model_fields)) | {"audit": audit}
        return cls(**fields if is_revealed else fields | _redacted(letter))


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


def _redacted(letter: DeadLetter) -> dict[str, Any]:
    return {
        "error": without_message(letter.error),
        "traceback": places_of(letter.traceback),
        "arguments": without_texts(letter.arguments) if letter.arguments is not None else None,
        "raw_body": length_of(letter.raw_body) if letter.raw_body is not None else None,
    }
