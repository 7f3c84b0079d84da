"""What was used, by user and day, in dictionaries."""

from typing import NamedTuple

from shared.domains.budgets.ports import Used
from shared.kernel.budgets import Kind
from shared.kernel.pages import Page, Position


class _Entry(NamedTuple):
    date: str
    amounts: Used
    is_settled: bool


class MemoryBudgets:
    """The port BudgetStore for one thread: what is used is the sum of what was settled and what is held.

    What was held on one day and is settled on the next counts for the day on which it was held.
    """

    def __init__(self) -> None:
        """Begin with nothing used."""
        self.entries: dict[tuple[str, str], _Entry] = {}

    def used(self, user_id: str, date: str) -> Used:
        """Return what was used on a day, holds included: every kind."""
        entries = [one for (owner, _), one in list(self.entries.items()) if owner == user_id and one.date == date]
        return {kind: sum(one.amounts.get(kind, 0) for one in entries) for kind in Kind}

    def hold(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Count amounts as used before they are, once a purpose."""
        self.entries.setdefault((user_id, purpose), _Entry(date, dict(amounts), is_settled=False))
        return self.used(user_id, date)

    def settle(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Replace what was held by what it was, once a purpose; return what is used on the day that it counts for."""
        found = self.entries.get((user_id, purpose))
        counted = found.date if found else date
        if found is None or not found.is_settled:
            self.entries[user_id, purpose] = _Entry(counted, dict(amounts), is_settled=True)
        return self.used(user_id, counted)

    def give_back(self, user_id: str, date: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays."""
        found = self.entries.get((user_id, purpose))
        if found is not None and not found.is_settled:
            del self.entries[user_id, purpose]

    def spent_on(self, date: str, *, position: Position | None, limit: int) -> Page[tuple[str, Used]]:
        """Return the users of a day, by their ids, and what each used."""
        after = position["after"] if position else ""
        users = sorted({owner for (owner, _), one in self.entries.items() if one.date == date and owner > after})
        last = {"after": users[limit - 1]} if len(users) > limit else None
        return Page([(user_id, self.used(user_id, date)) for user_id in users[:limit]], last)
