"""The notebook as a file."""

import csv
import io

from shared.domains.notebook.contract import ExportNotebook
from shared.domains.notebook.models import NotebookEntry
from shared.domains.notebook.ports import DeckMaker, NotebookStore

MOST_ENTRIES = 5_000
_COLUMNS = ("kind", "said", "better", "why", "source", "count", "dueAt", "known", "lastScore")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exported_entries(user_id: str, *, store: NotebookStore) -> list[NotebookEntry]:
    """Return the entries that a file takes, up to 5,000."""
    return store.all_of(user_id, limit=MOST_ENTRIES)


def export_notebook(command: ExportNotebook, user_id: str, entries: list[NotebookEntry], *, decks: DeckMaker) -> bytes:
    """Return entries as a file: CSV in UTF-8 with a byte-order mark, or an Anki deck (.apkg); nothing is asked."""
    return decks.deck(user_id, entries) if command.format == "anki" else _table(entries)


def _table(entries: list[NotebookEntry]) -> bytes:
    # Spreadsheets guess another encoding without the mark.
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in entries:
        fields = one.model_dump(mode="json", by_alias=True)
        writer.writerow([_harmless(fields[name]) for name in _COLUMNS])
    return "\ufeff".encode() + text.getvalue().encode("utf-8", "replace")


def _harmless(value: object) -> str:
    """Return the text of a cell; one that a spreadsheet would take for a formula is quoted (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
