"""Noting mistakes, and what was said better this time."""

from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.models import Card, Mistake, NotebookEntry
from shared.domains.notebook.ports import NotebookStore
from shared.domains.notebook.rules.scheduling import EASY_FROM, reviewed
from shared.kernel.errors import Unavailable
from shared.kernel.times import instant

TRIES = 5


def note_mistake(job: NoteMistake, *, time_zone: str, store: NotebookStore) -> NotebookEntry | None:
    """Note one happening and return the entry, due in days of a time zone; the same happening again changes nothing.

    What was said well and is not in the notebook stays out of it: then None is returned.

    Raises:
        Unavailable: the store does not answer, or others change the entry all the time.
    """
    mistake = job.mistake
    for _ in range(TRIES):
        found = store.get(mistake.user_id, mistake.entry_id)
        if found is None and not is_mistake(mistake):
            return None
        if found is not None and found.saw(mistake.happening_id):
            return found
        entry = _after(found, mistake, time_zone)
        if store.put(entry, instead_of=found.version if found else None):
            return entry
    raise Unavailable("The notebook is busy.", "잠시 후 다시 시도해 주세요.")


def is_mistake(mistake: Mistake) -> bool:
    """Tell whether a happening is a mistake: a correction, or a try below the score that counts as easy."""
    return mistake.score is None or mistake.score < EASY_FROM


def _after(found: NotebookEntry | None, mistake: Mistake, time_zone: str) -> NotebookEntry:
    card, due_at = reviewed(found.card if found else None, mistake.score, instant(mistake.at), time_zone)
    entry = found or _new(mistake, card, due_at)
    wrong = is_mistake(mistake)
    changes = {
        "card": card,
        "due_at": due_at,
        "updated_at": mistake.at,
        "count": entry.count + wrong,
        "known": entry.known and not wrong,
        "last_score": entry.last_score if mistake.score is None else mistake.score,
        "said": mistake.said if wrong else entry.said,
        "why": entry.why or mistake.why,
        "version": entry.version + 1,
    }
    return entry.model_copy(update=changes).noting(mistake.happening_id)


def _new(mistake: Mistake, card: Card, due_at: str) -> NotebookEntry:
    shared = mistake.model_dump(include={"user_id", "kind", "said", "better", "why", "source"})
    return NotebookEntry(
        entry_id=mistake.entry_id, **shared, card=card, due_at=due_at, created_at=mistake.at, updated_at=mistake.at
    )
