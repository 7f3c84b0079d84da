"""Which adapter serves which port of budgets."""

from functools import cached_property

from shared.adapters.dynamodb.budgets import DynamoBudgets
from shared.domains.budgets.service import DailyPurse
from shared.kernel.budgets import Kind
from shared.wired.base import Base


class BudgetsParts(Base):
    """What every process has of budgets."""

    @cached_property
    def budgets(self) -> DynamoBudgets:
        """Return what users spent."""
        return DynamoBudgets(self.table)

    @property
    def budget_limits(self) -> dict[Kind, int]:
        """Return what a user may spend on a day."""
        return {
            Kind.TOKENS: self.settings.daily_tokens,
            Kind.SPOKEN_CHARACTERS: self.settings.daily_spoken_characters,
            Kind.TRANSCRIBED_SECONDS: self.settings.daily_transcribed_seconds,
        }

    @cached_property
    def purse(self) -> DailyPurse:
        """Return what users may still spend today."""
        return DailyPurse(self.budgets, self.events, self.clock, self.budget_limits)
