"""The ledger of what was done already: one item a key, with a lease while it is being done."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import ledger as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Table, Update

KEEP_SECONDS = 86_400
IN_PROGRESS = {"state": "IN_PROGRESS"}


class Outcome(StrEnum):
    """What a key stands for now."""

    BEGUN = "begun"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's state: `fence` rises with each that begins it, `result` is there once it is done.

    `lease_until` is in epoch seconds, 0 where nobody holds it.
    """

    outcome: Outcome
    fence: int = 0
    result: Any = None
    lease_until: float = 0.0


class DynamoLedger:
    """IN_PROGRESS with a lease and a fence, then COMPLETED with a result; forgotten a day after."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def begin(self, key: str, *, lease_seconds: float) -> Entry:
        """Take a key where nobody has it, or where its holder's lease has ended; of many at once one gets it."""
        now = time.time()
        change = Update(
            keys.once(key),
            METADATA,
            put={
                **IN_PROGRESS,
                "leaseUntil": milliseconds(now + lease_seconds),
                "ttl": int(now) + KEEP_SECONDS,
            },
            add={"fence": 1},
            condition=takeable(now),
        )
        try:
            return Entry(Outcome.BEGUN, fence=self._table.write(change, want="ALL_NEW")["fence"])
        except ConditionFailed:
            return self._found(key)

    def complete(self, key: str, fence: int, result: Any) -> bool:
        """Note the result where the lease is still ours; tell whether it was."""
        done = Update(
            keys.once(key),
            METADATA,
            put={"state": "COMPLETED", "result": result},
            condition=Attr("fence").eq(fence) & Attr("state").eq("IN_PROGRESS"),
        )
        return self._write(done)

    def release(self, key: str, fence: int) -> bool:
        """Let another begin the key at once, where the lease is still ours; tell whether it was."""
        free = Update(
            keys.once(key),
            METADATA,
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
        return state_of(self._table.get(keys.once(key), METADATA))


def takeable(now: float) -> ConditionBase:
    """Return the condition under which an entry may be begun: new, its holder's lease ended, or to be forgotten."""
    ended = Attr("state").eq("IN_PROGRESS") & Attr("leaseUntil").lt(milliseconds(now))
    return NEW | ended | Attr("ttl").lt(int(now))


def state_of(item: Item | None) -> Entry:
    """Return what an entry's item says; one that is gone by now counts as running, so that its asker comes again."""
    found = item or {}
    if found.get("state") == "COMPLETED":
        return Entry(Outcome.DONE, fence=found["fence"], result=found.get("result"))
    until = found.get("leaseUntil", 0) / 1000
    return Entry(Outcome.RUNNING, fence=found.get("fence", 0), lease_until=until)


def milliseconds(seconds: float) -> int:
    """Return a time as the table keeps it: floats would be rounded."""
    return int(seconds * 1000)
