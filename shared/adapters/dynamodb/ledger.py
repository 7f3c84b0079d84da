"""The ledger of what was done already: one item a key, with a lease while it is being done."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb import keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Table, Update

KEEP_SECONDS = 86_400


class Outcome(StrEnum):
    """What a key stands for now."""

    BEGUN = "begun"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's state: `fence` rises with each that begins it, `result` is there once it is done."""

    outcome: Outcome
    fence: int = 0
    result: Any = None


class DynamoLedger:
    """IN_PROGRESS with a lease and a fence, then COMPLETED with a result; forgotten a day after."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def begin(self, key: str, *, lease_seconds: float) -> Entry:
        """Take a key where nobody has it, or where its holder's lease has ended; of many at once one gets it."""
        now = time.time()
        free = NEW | (Attr("state").eq("IN_PROGRESS") & Attr("leaseUntil").lt(_milliseconds(now)))
        change = Update(
            keys.once(key),
            keys.METADATA,
            put={
                "state": "IN_PROGRESS",
                "leaseUntil": _milliseconds(now + lease_seconds),
                "ttl": int(now) + KEEP_SECONDS,
            },
            add={"fence": 1},
            condition=free | Attr("ttl").lt(int(now)),
        )
        try:
            return Entry(Outcome.BEGUN, fence=self._table.write(change, want="ALL_NEW")["fence"])
        except ConditionFailed:
            return self._found(key)

    def complete(self, key: str, fence: int, result: Any) -> bool:
        """Note the result where the lease is still ours; tell whether it was."""
        done = Update(
            keys.once(key),
            keys.METADATA,
            put={"state": "COMPLETED", "result": result},
            condition=Attr("fence").eq(fence) & Attr("state").eq("IN_PROGRESS"),
        )
        return self._write(done)

    def release(self, key: str, fence: int) -> bool:
        """Let another begin the key at once, where the lease is still ours; tell whether it was."""
        free = Update(
            keys.once(key),
            keys.METADATA,
            put={"leaseUntil": 0},
            condition=Attr("fence").eq(fence) & Attr("state").eq("IN_PROGRESS"),
        )
        return self._write(free)

    def _write(self, update: Update) -> bool:
        try:
            self._table.write(update)
        except ConditionFailed:
            return False
        return True

    def _found(self, key: str) -> Entry:
        item = self._table.get(keys.once(key), keys.METADATA) or {}
        if item.get("state") == "COMPLETED":
            return Entry(Outcome.DONE, fence=item["fence"], result=item.get("result"))
        return Entry(Outcome.RUNNING, fence=item.get("fence", 0))


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
