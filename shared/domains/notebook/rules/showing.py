"""Showing the notebook: all of it, what is due, and one entry marked as known."""

from shared.domains.notebook.contract import ListNotebook, ListReview, MarkKnown, NotebookItem
from shared.domains.notebook.errors import EntryNotFound
from shared.domains.notebook.models import NotebookEntry
from shared.domains.notebook.ports import NotebookStore
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

MOST_DUE = 500
"""How many due entries are looked at; more than anybody can say in a day."""
TRIES = 5


def list_notebook(
    command: ListNotebook, user_id: str, *, now: str, position: Position | None, store: NotebookStore
) -> Page[NotebookItem]:
    """Return entries of a student, by kind where one is named; with `due`, those that are due, the worst first."""
    if command.due:
        found = [one for one in _worst_first(user_id, now, store) if command.kind in (None, one.kind)]
        return _part(found, position, command.limit)
    page = store.list_of(user_id, kind=command.kind, position=position, limit=command.limit)
    return Page([NotebookItem.of(one) for one in page.items], page.position)


def list_review(
    command: ListReview, user_id: str, *, now: str, position: Position | None, store: NotebookStore
) -> Page[NotebookItem]:
    """Return what is due for another try, the worst first: the lowest score, then what was wrong most often."""
    return _part(_worst_first(user_id, now, store), position, command.limit)


def mark_known(entry_id: str, command: MarkKnown, user_id: str, *, now: str, store: NotebookStore) -> NotebookItem:
    """Mark an entry as known, or not after all; again changes nothing.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
        Unavailable: the store does not answer, or others change the entry all the time.
    """
    for _ in range(TRIES):
        found = store.get(user_id, entry_id)
        if found is None:
            raise EntryNotFound
        changes = {"known": command.known, "updated_at": now, "version": found.version + 1}
        if found.known is command.known or store.put(found.model_copy(update=changes), instead_of=found.version):
            return NotebookItem.of(found.model_copy(update={"known": command.known}))
    raise Unavailable("The notebook is busy.", "잠시 후 다시 시도해 주세요.")


def better_words(entry_id: str, user_id: str, *, store: NotebookStore) -> str:
    """Return what would have been better, to be heard.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
    """
    found = store.get(user_id, entry_id)
    if found is None:
        raise EntryNotFound
    return found.better


def due_words(user_id: str, *, now: str, limit: int, store: NotebookStore) -> list[str]:
    """Return the better words of what is due, the worst first, to be woven into new sentences."""
    return [one.better for one in _worst_first(user_id, now, store)[:limit]]


def _worst_first(user_id: str, now: str, store: NotebookStore) -> list[NotebookEntry]:
    return sorted(store.due(user_id, now, limit=MOST_DUE), key=_badness)


def _badness(entry: NotebookEntry) -> tuple[float, int, str, str]:
    score = entry.last_score if entry.last_score is not None else 0.0
    return (score, -entry.count, entry.due_at, entry.entry_id)


def _part(found: list[NotebookEntry], position: Position | None, limit: int) -> Page[NotebookItem]:
    """Return a part of a list that is made anew each time: it goes on behind the worst that was shown before."""
    left = [one for one in found if position is None or list(_badness(one)) > position["after"]]
    part = left[:limit]
    next_position = {"after": list(_badness(part[-1]))} if len(left) > limit else None
    return Page([NotebookItem.of(one) for one in part], next_position)
