"""The port BudgetStore, on memory and on DynamoDB: what is held, settled and given back counts once each."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.dynamodb.budgets import DynamoBudgets
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import budgets as keys
from shared.adapters.dynamodb.table import Table, Update, Write
from shared.adapters.memory.budgets import MemoryBudgets
from shared.domains.budgets.ports import BudgetStore, Used
from shared.kernel.budgets import Kind
from tests.shared.adapters.concurrency import together

STORES: dict[str, Callable[[pytest.FixtureRequest], BudgetStore]] = {
    "memory": lambda _: MemoryBudgets(),
    "dynamodb": lambda request: DynamoBudgets(request.getfixturevalue("adapter_table")),
}
TODAY, TOMORROW = "2026-01-02", "2026-01-03"


@pytest.fixture(params=STORES)
def budgets(request: pytest.FixtureRequest) -> BudgetStore:
    return STORES[request.param](request)


def amounts(tokens: int = 0, spoken: int = 0, heard: int = 0) -> Used:
    given = {Kind.TOKENS: tokens, Kind.SPOKEN_CHARACTERS: spoken, Kind.TRANSCRIBED_SECONDS: heard}
    return {kind: amount for kind, amount in given.items() if amount}


def known(used: Used) -> Used:
    return {kind: amount for kind, amount in used.items() if amount}


def used(budgets: BudgetStore, user_id: str = "u1", date: str = TODAY) -> Used:
    return known(budgets.used(user_id, date))


def test_who_used_nothing_used_nothing(budgets: BudgetStore) -> None:
    assert used(budgets) == {}
    assert budgets.used("u1", TODAY).get(Kind.TOKENS, 0) == 0
    assert budgets.spent_on(TODAY, position=None, limit=5).items == []


def test_what_is_held_counts_as_used_until_it_is_settled(budgets: BudgetStore) -> None:
    assert known(budgets.hold("u1", TODAY, "a", amounts(1000, 400))) == amounts(1000, 400)
    assert known(budgets.hold("u1", TODAY, "b", amounts(500))) == amounts(1500, 400)
    assert used(budgets) == amounts(1500, 400)
    assert known(budgets.settle("u1", TODAY, "a", amounts(300, 450, 7))) == amounts(800, 450, 7)
    assert known(budgets.settle("u1", TODAY, "b", {})) == amounts(300, 450, 7)
    assert used(budgets) == amounts(300, 450, 7)


def test_holding_and_settling_again_changes_nothing(budgets: BudgetStore) -> None:
    for _ in range(2):
        assert known(budgets.hold("u1", TODAY, "a", amounts(1000))) == amounts(1000)
    assert known(budgets.hold("u1", TODAY, "a", amounts(7, 7))) == amounts(1000)
    for _ in range(2):
        assert known(budgets.settle("u1", TODAY, "a", amounts(300))) == amounts(300)
    assert known(budgets.settle("u1", TODAY, "a", amounts(7, 7))) == amounts(300)


def test_a_hold_after_its_settling_changes_nothing(budgets: BudgetStore) -> None:
    budgets.hold("u1", TODAY, "a", amounts(1000))
    budgets.settle("u1", TODAY, "a", amounts(300))
    assert known(budgets.hold("u1", TODAY, "a", amounts(1000))) == amounts(300)
    budgets.give_back("u1", TODAY, "a")
    assert used(budgets) == amounts(300)


def test_what_is_settled_without_a_hold_counts_whole_and_once(budgets: BudgetStore) -> None:
    for _ in range(2):
        assert known(budgets.settle("u1", TODAY, "a", amounts(300))) == amounts(300)
    assert known(budgets.hold("u1", TODAY, "a", amounts(1000))) == amounts(300)


def test_what_is_given_back_is_unused_and_may_be_held_anew(budgets: BudgetStore) -> None:
    budgets.hold("u1", TODAY, "other", amounts(5))
    budgets.hold("u1", TODAY, "a", amounts(1000, 400))
    for _ in range(2):
        budgets.give_back("u1", TODAY, "a")
        assert used(budgets) == amounts(5)
    assert known(budgets.hold("u1", TODAY, "a", amounts(70))) == amounts(75)
    assert known(budgets.settle("u1", TODAY, "a", amounts(60))) == amounts(65)


def test_what_was_never_held_cannot_be_given_back(budgets: BudgetStore) -> None:
    budgets.give_back("u1", TODAY, "a")
    assert used(budgets) == {}
    budgets.hold("u1", TODAY, "a", amounts(10))
    budgets.give_back("u2", TODAY, "a")
    budgets.give_back("u1", TODAY, "b")
    assert used(budgets) == amounts(10)


def test_what_is_held_over_midnight_counts_for_the_day_of_the_hold(budgets: BudgetStore) -> None:
    budgets.hold("u1", TODAY, "a", amounts(1000))
    budgets.hold("u1", TODAY, "b", amounts(20))
    assert known(budgets.settle("u1", TOMORROW, "a", amounts(300))) == amounts(320)
    budgets.give_back("u1", TOMORROW, "b")

    assert used(budgets) == amounts(300)
    assert used(budgets, date=TOMORROW) == {}


def test_users_and_days_are_each_for_themselves(budgets: BudgetStore) -> None:
    budgets.hold("u1", TODAY, "a", amounts(1))
    budgets.hold("u2", TODAY, "a", amounts(2))
    budgets.hold("u1", TOMORROW, "b", amounts(4))

    assert (used(budgets), used(budgets, "u2"), used(budgets, date=TOMORROW)) == (amounts(1), amounts(2), amounts(4))


def test_operators_see_who_used_what_on_a_day(budgets: BudgetStore) -> None:
    for number in range(5):
        budgets.settle(f"u{number}", TODAY, "a", amounts(number + 1, heard=3))
    budgets.settle("u9", TOMORROW, "a", amounts(9))

    seen: list[tuple[str, Used]] = []
    position = None
    for _ in range(3):
        page = budgets.spent_on(TODAY, position=position, limit=2)
        seen += page.items
        position = page.position

    assert position is None
    assert {user_id: known(each) for user_id, each in seen} == {f"u{n}": amounts(n + 1, heard=3) for n in range(5)}
    assert len(seen) == 5


@dataclass
class Model:
    """What budgets mean, in a few lines: a purpose is held or settled, and what is used is the sum of them all."""

    held: dict[str, tuple[str, Used]] = field(default_factory=dict)
    settled: dict[str, tuple[str, Used]] = field(default_factory=dict)

    def do(self, verb: str, date: str, purpose: str, given: Used) -> None:
        if purpose in self.settled:
            return
        if verb == "hold":
            self.held.setdefault(purpose, (date, given))
        elif verb == "settle":
            self.settled[purpose] = (self.held.pop(purpose, (date, {}))[0], given)
        else:
            self.held.pop(purpose, None)

    def used(self, date: str) -> Used:
        counted = [given for day, given in (*self.held.values(), *self.settled.values()) if day == date]
        return known({kind: sum(given.get(kind, 0) for given in counted) for kind in Kind})


some_amounts = st.dictionaries(st.sampled_from(Kind), st.integers(0, 100), max_size=3)
steps = st.lists(
    st.tuples(
        st.sampled_from(["hold", "settle", "give_back"]),
        st.sampled_from([TODAY, TOMORROW]),
        st.sampled_from(["a", "b", "c"]),
        some_amounts,
        st.integers(1, 2),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_sequence_with_repetition_counts_each_step_once(
    budgets: BudgetStore, steps: list[tuple[str, str, str, Used, int]]
) -> None:
    model, user_id = Model(), uuid.uuid4().hex
    for verb, date, purpose, given_amounts, times in steps:
        for _ in range(times):
            arguments = (user_id, date, purpose) if verb == "give_back" else (user_id, date, purpose, given_amounts)
            getattr(budgets, verb)(*arguments)
        model.do(verb, date, purpose, given_amounts)

        assert used(budgets, user_id, TODAY) == model.used(TODAY)
        assert used(budgets, user_id, TOMORROW) == model.used(TOMORROW)


@pytest.fixture
def stored(adapter_table: Table) -> DynamoBudgets:
    return DynamoBudgets(adapter_table)


def test_one_purpose_from_twenty_at_once_is_charged_once(stored: DynamoBudgets) -> None:
    held = together(20, lambda _: stored.hold("u1", TODAY, "a", amounts(1000)))
    assert [known(one) for one in held] == [amounts(1000)] * 20
    settled = together(20, lambda number: stored.settle("u1", TODAY, "a", amounts(300 + number)))
    assert len({one[Kind.TOKENS] for one in settled}) == 1
    assert used(stored) == known(settled[0])
    assert 300 <= used(stored)[Kind.TOKENS] < 320


def test_settling_without_a_hold_from_twenty_at_once_is_charged_once(stored: DynamoBudgets) -> None:
    together(20, lambda _: stored.settle("u1", TODAY, "a", amounts(300)))
    assert used(stored) == amounts(300)


def test_giving_back_and_settling_at_once_leaves_one_of_the_two(stored: DynamoBudgets) -> None:
    for turn in range(5):
        user_id = f"u{turn}"
        stored.hold(user_id, TODAY, "a", amounts(1000))

        def work(number: int, user_id: str = user_id) -> Any:
            if number % 2:
                return stored.settle(user_id, TODAY, "a", amounts(300))
            return stored.give_back(user_id, TODAY, "a")

        outcomes = together(8, work)
        assert not [one for one in outcomes if isinstance(one, Exception)]
        assert used(stored, user_id) == amounts(300)


class Interrupted(Table):
    """A table to which something else comes between a reading and the writing after it."""

    meanwhile: Callable[[], object] | None = None

    def transact(self, writes: list[Write], *, token: str | None = None) -> None:
        if self.meanwhile is not None:
            self.meanwhile()
            self.meanwhile = None
        super().transact(writes, token=token)


def test_what_is_held_anew_meanwhile_is_not_given_back(stored: DynamoBudgets, adapter_table: Table) -> None:
    def hold_anew() -> None:
        stored.give_back("u1", TODAY, "a")
        stored.hold("u1", TODAY, "a", amounts(70))

    stored.hold("u1", TODAY, "a", amounts(1000))
    table = Interrupted(adapter_table._client, adapter_table.name)
    table.meanwhile = hold_anew
    DynamoBudgets(table).give_back("u1", TODAY, "a")
    assert used(stored) == amounts(70)

    table.meanwhile = hold_anew
    assert known(DynamoBudgets(table).settle("u1", TODAY, "a", amounts(30))) == amounts(30)


def test_giving_back_from_many_at_once_frees_once(stored: DynamoBudgets) -> None:
    stored.hold("u1", TODAY, "other", amounts(5))
    stored.hold("u1", TODAY, "a", amounts(1000))
    together(12, lambda _: stored.give_back("u1", TODAY, "a"))
    assert used(stored) == amounts(5)


def test_purposes_at_once_are_each_charged(stored: DynamoBudgets) -> None:
    outcomes = together(8, lambda number: stored.hold("u1", TODAY, f"turn {number}", amounts(10)))
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert used(stored) == amounts(80)


def test_a_mark_that_has_expired_is_none_though_the_table_still_has_it(
    stored: DynamoBudgets, adapter_table: Table
) -> None:
    stored.settle("u1", TODAY, "a", amounts(300))
    adapter_table.write(Update(account_keys.user("u1"), keys.hold("a"), put={"ttl": 1}))
    assert known(stored.hold("u1", TOMORROW, "a", amounts(1000))) == amounts(1000)
    assert used(stored) == amounts(300)
    adapter_table.write(Update(account_keys.user("u1"), keys.hold("a"), put={"ttl": 1}))
    stored.give_back("u1", TOMORROW, "a")
    assert known(stored.settle("u1", TOMORROW, "a", amounts(20))) == amounts(1020)


def test_a_day_that_has_expired_is_not_listed(stored: DynamoBudgets, adapter_table: Table) -> None:
    for user_id in ("u1", "u2"):
        stored.settle(user_id, TODAY, "a", amounts(1))
    adapter_table.write(Update(account_keys.user("u1"), keys.budget(TODAY), put={"ttl": 1}))

    assert [user_id for user_id, _ in stored.spent_on(TODAY, position=None, limit=1).items] == ["u2"]


def test_nothing_of_a_budget_is_kept_for_ever(stored: DynamoBudgets, adapter_table: Table) -> None:
    stored.hold("u1", TODAY, "a", amounts(1))
    assert all("ttl" in item for item in adapter_table.query(account_keys.user("u1")).items)
    assert len(adapter_table.query(account_keys.user("u1")).items) == 2
