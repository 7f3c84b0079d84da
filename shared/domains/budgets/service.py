"""The rules of budgets: held before it is spent, settled once, and the user told where the end comes nearer."""

from dataclasses import dataclass

from shared.domains.budgets.contract import BudgetChanged, BudgetItem, ListBudgets
from shared.domains.budgets.models import Spending
from shared.domains.budgets.ports import BudgetStore, Used
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.logs import get_log
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, EventBus
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic

Limits = dict[Kind, int]
_ORDER = [*BudgetState]

log = get_log()


@dataclass(frozen=True, slots=True)
class DailyPurse:
    """What users may still spend; a day is a date in UTC.

    Over midnight the store decides: what was held on one day is settled and given back on that day.
    """

    store: BudgetStore
    events: EventBus
    clock: Clock
    limits: Limits

    def hold(self, user_id: str, purpose: str, amounts: Used) -> dict[Kind, BudgetState]:
        """Count amounts as used before they are, except of a kind that is spent; again for a purpose changes nothing.

        The states are those without this hold, also when it is there already from a run that died. What is spent is
        seen by holding, so that of many at once none is let through by what the others have not counted yet.

        Raises:
            Unavailable: the store does not answer.
        """
        date = _today(self.clock)
        used = self.store.hold(user_id, date, purpose, amounts)
        states = {kind: self._state(kind, used.get(kind, 0) - amount) for kind, amount in amounts.items()}
        left = {kind: amount for kind, amount in amounts.items() if states[kind] is not BudgetState.SPENT}
        if left != amounts:
            self.store.give_back(user_id, date, purpose)
            if left:
                self.store.hold(user_id, date, purpose, left)
        return states

    def settle(self, user_id: str, purpose: str, amounts: Used) -> None:
        """Replace what was held by what it was, and tell the user of each budget that it took through a threshold.

        Again charges nothing again. A push that is lost costs nothing but itself.

        Raises:
            Unavailable: the store does not answer.
        """
        used = self.store.settle(user_id, _today(self.clock), purpose, amounts)
        for kind, amount in amounts.items():
            now = used.get(kind, 0)
            if _ORDER.index(self._state(kind, now)) > _ORDER.index(self._state(kind, now - amount)):
                self._tell(user_id, _spending(user_id, "", kind, now, self.limits))

    def give_back(self, user_id: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays.

        Raises:
            Unavailable: the store does not answer.
        """
        self.store.give_back(user_id, _today(self.clock), purpose)

    def _state(self, kind: Kind, used: int) -> BudgetState:
        return _spending("", "", kind, used, self.limits).state

    def _tell(self, user_id: str, spending: Spending) -> None:
        self.events.publish(user_topic(user_id), BudgetChanged.of(spending))


def list_budgets(
    command: ListBudgets, *, position: Position | None, store: BudgetStore, clock: Clock, limits: Limits
) -> Page[BudgetItem]:
    """Return what each user spent on a day, holds included, for operators.

    Raises:
        Unavailable: the store does not answer.
    """
    date = command.date or _today(clock)
    found = store.spent_on(date, position=position, limit=command.limit)
    return Page([_item(user_id, date, used, limits) for user_id, used in found.items], found.position)


def show_own(user_id: str, *, store: BudgetStore, clock: Clock, limits: Limits) -> BudgetItem:
    """Return what one user spent today, holds included: every kind, in its order.

    Raises:
        Unavailable: the store does not answer.
    """
    date = _today(clock)
    return _item(user_id, date, store.used(user_id, date), limits)


def _item(user_id: str, date: str, used: Used, limits: Limits) -> BudgetItem:
    budgets = [BudgetChanged.of(_spending(user_id, date, kind, used.get(kind, 0), limits)) for kind in Kind]
    return BudgetItem(user_id=user_id, date=date, budgets=budgets)


def _spending(user_id: str, date: str, kind: Kind, used: int, limits: Limits) -> Spending:
    return Spending(user_id=user_id, date=date, kind=kind, used=used, limit=limits[kind])


def _today(clock: Clock) -> str:
    return timestamp(clock.now())[:10]
