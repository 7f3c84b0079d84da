"""DynamoDB made durable: the three functions through which ministack stores items write the journal too."""

import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import dynamodb

from embedded.aws.encoding import decode, encode
from embedded.aws.hooks import wrap
from embedded.aws.journal import Journal

Table = dict[str, Any]

# Everything that DynamoDB keeps beside its items; all of it is small.
_DEFINITIONS = (
    "tags",
    "ttl_settings",
    "pitr_settings",
    "kinesis_destinations",
    "contributor_insights",
    "backups",
    "resource_policies",
    "exports",
    "imports",
)
_TOKENS = "dynamodb"
_TOKEN_SECONDS = 600  # ministack's own, and AWS's: a ClientRequestToken is valid for 10 minutes
_PRUNE_SECONDS = 60.0


class ItemJournal:
    """Journals items and the tokens that make TransactWriteItems idempotent."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._prune_at = 0.0

    def install(self) -> None:
        """Hook the functions that store, remove and replace items."""
        wrap(dynamodb, "_set_item", self._hook_set)
        wrap(dynamodb, "_remove_item", self._hook_remove)
        wrap(dynamodb, "_items_replaced", self._hook_replaced)
        wrap(dynamodb, "_create_table", self._hook_table)
        wrap(dynamodb, "_delete_table", self._hook_table)
        wrap(dynamodb, "_txn_token_store", self._hook_token)

    def restore(self) -> None:
        """Fill the tables that exist from the journal; rows of vanished tables are dropped."""
        tables = {table["TableArn"]: table for _, table in dynamodb._tables.all_items()}
        for arn, content in self._journal.read("SELECT arn, content FROM item"):
            if table := tables.get(arn):
                item = decode(content)
                table["items"].setdefault(_key(table, item, "pk_name"), {})[_key(table, item, "sk_name")] = item
        for table in tables.values():
            dynamodb._update_counts(table)
        for key, content in self._journal.read(
            "SELECT key, content FROM deduplication WHERE queue = ? AND expires > ?", (_TOKENS, time.time())
        ):
            account, region, token = key.split(" ", 2)
            dynamodb._txn_idempotency.set_scoped(account, region, decode(token), decode(content))

    def _hook_set(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def set_item(table: Table, partition: Any, sort: Any, item: Any) -> Any:
            previous = original(table, partition, sort, item)
            self._keep(table, partition, sort, item)
            return previous

        return set_item

    def _hook_remove(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def remove_item(table: Table, partition: Any, sort: Any) -> Any:
            previous = original(table, partition, sort)
            self._journal.record(
                "DELETE FROM item WHERE arn = ? AND partition = ? AND sort = ?",
                (table["TableArn"], encode(partition), encode(sort)),
            )
            return previous

        return remove_item

    def _hook_replaced(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def items_replaced(table: Table) -> None:
            original(table)
            self._forget_table(table["TableArn"])
            for partition, items in table["items"].items():
                for sort, item in items.items():
                    self._keep(table, partition, sort, item)

        return items_replaced

    def _hook_table(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def change_table(body: dict[str, Any]) -> Any:
            answer = original(body)
            if answer[0] == 200:
                # Also on creation: a table of the same name must not wake up with its predecessor's items.
                self._forget_table(decode(answer[2])["TableDescription"]["TableArn"])
            return answer

        return change_table

    def _hook_token(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def store_token(token: str, entry: dict[str, Any]) -> None:
            original(token, entry)
            now = time.time()
            row = (_TOKENS, f"{get_account_id()} {get_region()} {encode(token)}", now + _TOKEN_SECONDS, encode(entry))
            self._journal.record("INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?)", row)
            if now > self._prune_at:
                self._prune_at = now + _PRUNE_SECONDS
                self._journal.record("DELETE FROM deduplication WHERE expires < ?", (now,))

        return store_token

    def _keep(self, table: Table, partition: Any, sort: Any, item: Any) -> None:
        row = (table["TableArn"], encode(partition), encode(sort), encode(item))
        self._journal.record("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", row)

    def _forget_table(self, arn: str) -> None:
        self._journal.record("DELETE FROM item WHERE arn = ?", (arn,))


def table_definitions() -> dict[str, Any]:
    """Return the tables with all their settings, without items."""
    tables = AccountRegionScopedDict()
    for (account, region, name), table in dynamodb._tables.all_items():
        definition = {key: value for key, value in table.items() if key != dynamodb._INDEX_MEMBERS}
        tables.set_scoped(account, region, name, definition | {"items": {}, "ItemCount": 0})
    return {"tables": tables} | {name: getattr(dynamodb, f"_{name}") for name in _DEFINITIONS}


def _key(table: Table, item: dict[str, Any], role: str) -> Any:
    """Return the part of an item's key as ministack indexes it; "__no_sort__" is its mark for a missing sort key."""
    name = table[role]
    return dynamodb._extract_key_val(item.get(name)) if name else "__no_sort__"
