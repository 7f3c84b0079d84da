"""What is stored of budgets."""

from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.contract import Contract

WARNED_SHARE = 0.8
SHORTENED_SHARE = 0.95


class Spending(Contract):
    """What one user used of one kind on one day (UTC), what is held for what is going on included."""

    user_id: str
    date: str
    kind: Kind
    used: int
    limit: int

    @property
    def state(self) -> BudgetState:
        """Return how near the end it is."""
        share = self.used / self.limit if self.limit else 1.0
        if share >= 1:
            return BudgetState.SPENT
        if share >= SHORTENED_SHARE:
            return BudgetState.SHORTENED
        return BudgetState.WARNED if share >= WARNED_SHARE else BudgetState.OK
