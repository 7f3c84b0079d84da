"""The notebook in the table; its index lists what is due first, and at the end what is known."""

from boto3.dynamodb.conditions import Attr, ConditionBase, Key

from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import notebook as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Put, Table
from shared.domains.notebook.models import MistakeKind, NotebookEntry
from shared.kernel.pages import Page, Position

_KNOWN = "known"
"""Sorts behind every instant."""


class DynamoNotebook:
    """The port NotebookStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def get(self, user_id: str, entry_id: str) -> NotebookEntry | None:
        """Return an entry as it stands after every write so far."""
        item = self._table.get(account_keys.user(user_id), keys.notebook_entry(entry_id))
        return _entry(item) if item else None

    def put(self, entry: NotebookEntry, *, instead_of: int | None) -> bool:
        """Write an entry over the version that was read, None for a new one; False where it has changed meanwhile."""
        condition: ConditionBase = NEW if instead_of is None else Attr("version").eq(instead_of)
        try:
            self._table.write(Put(_item(entry), condition))
        except ConditionFailed:
            return False
        return True

    def list_of(
        self, user_id: str, *, kind: MistakeKind | None, position: Position | None, limit: int
    ) -> Page[NotebookEntry]:
        """Return a student's entries, of one kind where it is named: those due first at first, what is known last."""
        page = self._table.query(
            keys.due(user_id),
            index="GSI1",
            limit=limit,
            start=position,
            filtered=Attr("kind").eq(kind.value) if kind else None,
        )
        return Page([_entry(item) for item in page.items], page.position)

    def due(self, user_id: str, before: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries that are due by an instant and not known, longest due first."""
        by_then = Key("GSI1SK").lt(f"{before}#~")
        items = self._table.query(keys.due(user_id), index="GSI1", sort=by_then, limit=limit).items
        return [_entry(item) for item in items]

    def all_of(self, user_id: str, *, limit: int) -> list[NotebookEntry]:
        """Return up to `limit` entries of a student, in the order of their ids."""
        own = Key("SK").begins_with(keys.NOTEBOOK)
        items = self._table.query(account_keys.user(user_id), sort=own, limit=limit, consistent=True).items
        return [_entry(item) for item in items]


def _item(entry: NotebookEntry) -> Item:
    when = f"{_KNOWN}#{entry.updated_at}" if entry.known else entry.due_at
    return entry.model_dump(mode="json", by_alias=True, exclude_none=True) | {
        "PK": account_keys.user(entry.user_id),
        "SK": keys.notebook_entry(entry.entry_id),
        "GSI1PK": keys.due(entry.user_id),
        "GSI1SK": f"{when}#{entry.entry_id}",
    }


def _entry(item: Item) -> NotebookEntry:
    return NotebookEntry.model_validate(item, extra="ignore")
