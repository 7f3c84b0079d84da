"""Budgets in the table: what each user used, by day, and what is held of it."""

import time
import uuid
from dataclasses import dataclass

from boto3.dynamodb.conditions import Attr, ConditionBase

from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import budgets as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Delete, Item, Put, Table, Update, Write
from shared.domains.budgets.ports import Used
from shared.kernel.budgets import Kind
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

KEEP_DAY_SECONDS = 35 * 86_400
KEEP_HOLD_SECONDS = 2 * 86_400
"""Longer than a job's message lives (a day) and than a dead one is replayed by rule (four hours)."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class _Hold:
    """What is held for a purpose, and of which day; `number` is another for each time that it is held."""

    date: str
    number: str
    amounts: Used
    is_settled: bool


class DynamoBudgets:
    """The port BudgetStore: an item a user and day, and one a purpose, which is written with it or not at all.

    What was held on one day and is settled on the next counts for the day on which it was held. A settled purpose is
    remembered for two days, so that nothing is charged again by a job that is delivered twice.
    """

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def used(self, user_id: str, date: str) -> Used:
        """Return what was used on a day, holds included, as of every write so far: every kind, 0 where nothing was."""
        return _used(self._table.get(account_keys.user(user_id), keys.budget(date)) or {})

    def hold(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Count amounts as used before they are, once a purpose; return what is used on that day then."""
        held = Put(_hold_item(user_id, purpose, _Hold(date, uuid.uuid4().hex, amounts, is_settled=False)), _free())
        self._together(held, user_id, date, amounts)
        return self.used(user_id, date)

    def settle(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Replace what was held by what it was, once a purpose; return what is used then on the day that it counts for.

        Raises:
            Unavailable: others changed this purpose all the time.
        """
        for _ in range(_TRIES):
            held = self._held(user_id, purpose)
            counted = held.date if held else date
            if held and held.is_settled:
                return self.used(user_id, counted)
            before = held.amounts if held else {}
            settled = _Hold(counted, held.number if held else uuid.uuid4().hex, amounts, is_settled=True)
            mark = Put(_hold_item(user_id, purpose, settled), _same(held) if held else _free())
            if self._together(mark, user_id, counted, _difference(amounts, before)):
                return self.used(user_id, counted)
        raise Unavailable("The budget is busy.", "잠시 후 다시 시도해 주세요.")

    def give_back(self, user_id: str, date: str, purpose: str) -> None:
        """Count what was held as unused, once, on the hold's own day; what was settled or held anew meanwhile stays."""
        held = self._held(user_id, purpose)
        if held is None or held.is_settled:
            return
        freed = Delete(account_keys.user(user_id), keys.hold(purpose), _same(held))
        self._together(freed, user_id, held.date, _difference({}, held.amounts))

    def spent_on(self, date: str, *, position: Position | None, limit: int) -> Page[tuple[str, Used]]:
        """Return the users of a day, by their ids, and what each used."""
        kept = Attr("ttl").gt(int(time.time()))
        page = self._table.query(keys.budgets_on(date), index="GSI1", limit=limit, start=position, filtered=kept)
        return Page([(item["userId"], _used(item)) for item in page.items], page.position)

    def _together(self, purpose: Write, user_id: str, date: str, amounts: Used) -> bool:
        """Write what became of a purpose and add to what is used, both or neither; tell whether it was done."""
        day = Update(
            account_keys.user(user_id),
            keys.budget(date),
            put={
                "userId": user_id,
                "date": date,
                "GSI1PK": keys.budgets_on(date),
                "GSI1SK": user_id,
                "ttl": int(time.time()) + KEEP_DAY_SECONDS,
            },
            add={kind.value: amount for kind, amount in amounts.items()},
        )
        try:
            self._table.transact([purpose, day])
        except ConditionFailed:
            return False
        return True

    def _held(self, user_id: str, purpose: str) -> _Hold | None:
        item = self._table.get(account_keys.user(user_id), keys.hold(purpose))
        if item is None or item["ttl"] < time.time():
            return None
        return _Hold(item["date"], item["number"], _amounts(item), is_settled=item["isSettled"])


def _hold_item(user_id: str, purpose: str, hold: _Hold) -> Item:
    return {
        "PK": account_keys.user(user_id),
        "SK": keys.hold(purpose),
        "date": hold.date,
        "number": hold.number,
        "isSettled": hold.is_settled,
        "ttl": int(time.time()) + KEEP_HOLD_SECONDS,
    } | {kind.value: amount for kind, amount in hold.amounts.items()}


def _free() -> ConditionBase:
    """Return the condition under which nothing is held for a purpose, nor was settled."""
    return NEW | Attr("ttl").lt(int(time.time()))


def _same(hold: _Hold) -> ConditionBase:
    """Return the condition under which a purpose still is as it was read: what is held anew has another number."""
    return Attr("number").eq(hold.number) & Attr("isSettled").eq(hold.is_settled)


def _difference(amounts: Used, before: Used) -> Used:
    return {kind: amounts.get(kind, 0) - before.get(kind, 0) for kind in amounts | before}


def _amounts(item: Item) -> Used:
    return {kind: int(item[kind.value]) for kind in Kind if kind.value in item}


def _used(item: Item) -> Used:
    return dict.fromkeys(Kind, 0) | _amounts(item)
