"""What budgets need from outside; every method raises Unavailable where nobody answers in time."""

from typing import Protocol

from shared.kernel.budgets import Kind
from shared.kernel.pages import Page, Position

Used = dict[Kind, int]


class BudgetStore(Protocol):
    """What was used, by user and day. A hold is counted as used until it is settled or given back.

    `purpose` names what it is for (a turn, a job): holding, settling and giving back again changes nothing.
    """

    def used(self, user_id: str, date: str) -> Used:
        """Return what was used on a day, holds included, as of every write so far."""

    def hold(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Count amounts as used before they are; return what is used then."""

    def settle(self, user_id: str, date: str, purpose: str, amounts: Used) -> Used:
        """Replace what was held by what it really was (all of it, where nothing was held); return what is used then."""

    def give_back(self, user_id: str, date: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays."""

    def spent_on(self, date: str, *, position: Position | None, limit: int) -> Page[tuple[str, Used]]:
        """Return the users of a day and what each used."""
