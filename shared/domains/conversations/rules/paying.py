"""What the partner does is paid from the day's budget: held before, settled after, given back where it failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.domains.conversations.rules.backstage import Backstage
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.isolation import undoing
from shared.kernel.partner import Filled, Question, question_estimate
from shared.kernel.ports import Purse


@contextmanager
def held(user_id: str, purpose: str, amounts: dict[Kind, int], purse: Purse) -> Iterator[bool]:
    """Hold amounts while something is done, and give them back where it fails; tell whether they may be spent."""
    states = purse.hold(user_id, purpose, amounts)
    with undoing(purse.give_back, user_id, purpose):
        yield BudgetState.SPENT not in states.values()


def filled_form(question: Question, user_id: str, purpose: str, backstage: Backstage) -> dict[str, Any] | None:
    """Return a form's fields, paid by the user; None where the budget is spent."""
    with held(user_id, purpose, {Kind.TOKENS: question_estimate(question)}, backstage.purse) as may_ask:
        filled: Filled | None = backstage.partner.fill(question) if may_ask else None
    if filled is None:
        return None
    backstage.purse.settle(user_id, purpose, {Kind.TOKENS: filled.usage.total})
    return filled.fields
