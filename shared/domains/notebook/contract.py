"""What clients ask of the notebook and are told, and the job that fills it."""

from typing import ClassVar, Literal, Self

from pydantic import Field

from shared.domains.notebook.models import Mistake, MistakeKind, NotebookEntry
from shared.kernel.contract import Command, Contract, Job
from shared.kernel.queues import Queue, WhenDead


class ListNotebook(Command):
    """List one's mistakes, the latest due first; by kind, and only those that are due."""

    kind: MistakeKind | None = None
    due: bool = False
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class ListReview(Command):
    """List the sentences that are due for another try, the worst first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class MarkKnown(Command):
    """Say that one knows something, or not after all."""

    known: bool


class SayEntry(Command):
    """Hear the better words of an entry; without a voice, in the platform's own."""

    voice: Literal["male", "female", "Matthew", "Joanna"] | None = None


class ExportNotebook(Command):
    """Take the notebook along: as a table, or as a deck for Anki."""

    format: Literal["csv", "anki"] = "csv"


class NotebookItem(Contract):
    """An entry as its student sees it; `lastScore` from 0 to 100, absent where it was never said."""

    entry_id: str
    kind: MistakeKind
    said: str
    better: str
    why: str | None = None
    source: str
    count: int
    due_at: str
    known: bool
    last_score: float | None = None

    @classmethod
    def of(cls, entry: NotebookEntry) -> Self:
        """Return what is shown of an entry."""
        return cls(**entry.model_dump(include=set(cls.model_fields)))


class NoteMistake(Job):
    """Note a mistake, or that something was said better this time; the same happening is noted once."""

    name: ClassVar[str] = "notebook.note_mistake"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.PARK

    mistake: Mistake

    def fair_share_group(self) -> str | None:
        """Return the notebook's owner."""
        return self.mistake.user_id

    def identity(self) -> str | None:
        """Return the happening."""
        return f"mistake-{self.mistake.happening_id}"
