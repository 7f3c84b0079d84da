"""What the notebook needs from outside; every method raises Unavailable where nobody answers in time."""

from typing import Protocol

from shared.domains.notebook.models import MistakeKind, NotebookEntry
from shared.kernel.pages import Page, Position


class NotebookStore(Protocol):
    """Entries of each student, and an index of what is due when."""

    def get(self, user_id: str, entry_id: str) -> NotebookEntry | None:
        """Return an entry as it stands after every write so far."""

    def put(self, entry: NotebookEntry, *, instead_of: int | None) -> bool:
        """Write an entry over the version that was read, None for a new one; False where it has changed meanwhile."""

    def list_of(
        self, user_id: str, *, kind: MistakeKind | None, position: Position | None, limit: int
    ) -> Page[NotebookEntry]:
        """Return a student's entries, of one kind where it is named: those due first at first, what is known last."""

    def due(self, user_id: str, before: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries that are due by an instant and not known, longest due first."""

    def all_of(self, user_id: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries of a student, in the order of their ids."""


class DeckMaker(Protocol):
    """Makes a file that a flash-card program reads."""

    def deck(self, user_id: str, entries: list[NotebookEntry]) -> bytes:
        """Return the file; the same student's next file updates the same deck and the same cards."""
