"""What people are told of budgets."""

from typing import Literal, Self

from pydantic import Field

from shared.domains.budgets.models import Spending
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.contract import Command, Contract, Event


class BudgetChanged(Event):
    """A budget came nearer to its end."""

    type: Literal["budget"] = "budget"
    kind: Kind
    used: int
    limit: int
    state: BudgetState

    @classmethod
    def of(cls, spending: Spending) -> Self:
        """Return the push for a budget as it stands."""
        return cls(kind=spending.kind, used=spending.used, limit=spending.limit, state=spending.state)


class ListBudgets(Command):
    """List what users spent on a day (UTC, YYYY-MM-DD; today by default), for operators."""

    date: str | None = Field(None, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class BudgetItem(Contract):
    """One user's day: what was used, by kind, with the limit of each and its state."""

    user_id: str
    date: str
    budgets: list[BudgetChanged]
