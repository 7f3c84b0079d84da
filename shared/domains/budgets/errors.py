"""Refusals of budgets."""

from shared.kernel.errors import RateLimited

RETRY_SECONDS = 3600


class BudgetSpent(RateLimited):
    """A user has spent what a day (UTC) has of something."""

    def __init__(self) -> None:
        """Say when to come back; budgets begin anew at midnight UTC."""
        super().__init__(
            "Today's budget is spent.", "오늘 사용할 수 있는 양을 모두 사용했습니다.", retry_after=RETRY_SECONDS
        )
