"""The notebook in a dictionary."""

from shared.domains.notebook.models import MistakeKind, NotebookEntry
from shared.kernel.pages import Page, Position


class MemoryNotebook:
    """The port NotebookStore for one thread."""

    def __init__(self) -> None:
        """Begin with no mistakes."""
        self.stored: dict[tuple[str, str], NotebookEntry] = {}

    def get(self, user_id: str, entry_id: str) -> NotebookEntry | None:
        """Return an entry."""
        return self.stored.get((user_id, entry_id))

    def put(self, entry: NotebookEntry, *, instead_of: int | None) -> bool:
        """Write an entry over the version that was read."""
        found = self.get(entry.user_id, entry.entry_id)
        if (found.version if found else None) != instead_of:
            return False
        self.stored[(entry.user_id, entry.entry_id)] = entry
        return True

    def list_of(
        self, user_id: str, *, kind: MistakeKind | None, position: Position | None, limit: int
    ) -> Page[NotebookEntry]:
        """Return a student's entries: those due first at first, what is known last."""
        own = [one for one in self._own(user_id) if kind in (None, one.kind)]
        found = sorted(own, key=lambda one: (one.known, one.updated_at if one.known else one.due_at, one.entry_id))
        start = position["start"] if position else 0
        more = len(found) > start + limit
        return Page(found[start : start + limit], {"start": start + limit} if more else None)

    def due(self, user_id: str, before: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries that are due by an instant and not known, longest due first."""
        found = [one for one in self._own(user_id) if not one.known and one.due_at <= before]
        return sorted(found, key=lambda one: (one.due_at, one.entry_id))[:limit]

    def all_of(self, user_id: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries, in the order of their ids."""
        return sorted(self._own(user_id), key=lambda one: one.entry_id)[:limit]

    def _own(self, user_id: str) -> list[NotebookEntry]:
        return [one for one in self.stored.values() if one.user_id == user_id]
