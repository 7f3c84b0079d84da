from datetime import UTC, datetime

import pytest

from shared.adapters.memory.budgets import MemoryBudgets
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.domains.budgets.contract import BudgetItem, ListBudgets
from shared.domains.budgets.service import DailyPurse, list_budgets, show_own
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.pages import Page
from shared.kernel.topics import Topic, user_topic

TODAY = "2026-01-02"
TOKENS, SPOKEN, HEARD = Kind.TOKENS, Kind.SPOKEN_CHARACTERS, Kind.TRANSCRIBED_SECONDS
LIMITS = {TOKENS: 1000, SPOKEN: 500, HEARD: 0}
OK, WARNED, SHORTENED, SPENT = BudgetState


class World:
    def __init__(self, events: MemoryEvents | None = None) -> None:
        self.store, self.clock = MemoryBudgets(), SetClock()
        self.events = events or MemoryEvents()
        self.purse = DailyPurse(self.store, self.events, self.clock, LIMITS)

    def used(self, kind: Kind = TOKENS, date: str = TODAY) -> int:
        return self.store.used("u1", date)[kind]

    def pushed(self) -> list[tuple[Topic, str, int, str]]:
        pushes = [(topic, event.wire()) for topic, event, _ in self.events.published]
        assert all(push["type"] == "budget" and push["limit"] == LIMITS[push["kind"]] for _, push in pushes)
        return [(topic, push["kind"], push["used"], push["state"]) for topic, push in pushes]


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("used", "state"),
    [
        (0, OK),
        (799, OK),
        (800, WARNED),
        (949, WARNED),
        (950, SHORTENED),
        (999, SHORTENED),
        (1000, SPENT),
        (1200, SPENT),
    ],
)
def test_a_hold_tells_the_state_before_it_and_holds_nothing_of_what_is_spent(
    world: World, used: int, state: BudgetState
) -> None:
    world.purse.settle("u1", "before", {TOKENS: used})

    for _ in range(3):
        assert world.purse.hold("u1", "turn", {TOKENS: 150}) == {TOKENS: state}
    assert world.used() == used + (0 if state is SPENT else 150)


def test_of_several_kinds_the_one_that_is_spent_is_not_held(world: World) -> None:
    states = world.purse.hold("u1", "turn", {TOKENS: 10, SPOKEN: 20, HEARD: 30})

    assert states == {TOKENS: OK, SPOKEN: OK, HEARD: SPENT}
    assert world.store.used("u1", TODAY) == {TOKENS: 10, SPOKEN: 20, HEARD: 0}


def test_a_run_that_died_is_not_in_its_own_way(world: World) -> None:
    world.purse.hold("u1", "turn", {TOKENS: 1000})
    assert world.purse.hold("u1", "turn", {TOKENS: 1000}) == {TOKENS: OK}
    assert world.purse.hold("u1", "another", {TOKENS: 1}) == {TOKENS: SPENT}
    assert world.used() == 1000


@pytest.mark.parametrize(
    ("before", "amount", "told"),
    [
        (0, 799, None),
        (790, 9, None),
        (790, 10, WARNED),
        (800, 149, None),
        (800, 150, SHORTENED),
        (950, 49, None),
        (950, 50, SPENT),
        (100, 850, SHORTENED),
        (100, 2000, SPENT),
        (1000, 50, None),
    ],
)
def test_the_user_is_told_where_a_step_takes_a_budget_through_a_threshold(
    world: World, before: int, amount: int, told: BudgetState | None
) -> None:
    world.store.settle("u1", TODAY, "before", {TOKENS: before})
    world.purse.hold("u1", "turn", {TOKENS: 500})
    assert world.pushed() == []
    world.purse.settle("u1", "turn", {TOKENS: amount})

    expected = [(user_topic("u1"), "tokens", before + amount, told)] if told else []
    assert world.pushed() == expected
    assert world.used() == before + amount


def test_a_budget_that_rises_slowly_is_told_of_three_times(world: World) -> None:
    for number in range(110):
        world.purse.hold("u1", f"turn {number}", {TOKENS: 300})
        world.purse.settle("u1", f"turn {number}", {TOKENS: 10})

    assert [(used, state) for _, _, used, state in world.pushed()] == [
        (800, "warned"),
        (950, "shortened"),
        (1000, "spent"),
    ]


def test_each_kind_is_told_of_by_itself(world: World) -> None:
    world.purse.settle("u1", "turn", {TOKENS: 10, SPOKEN: 400})
    assert [(kind, state) for _, kind, _, state in world.pushed()] == [("spoken_characters", "warned")]


def test_settling_again_charges_nothing_again(world: World) -> None:
    for amount in (100, 100, 700):
        world.purse.settle("u1", "turn", {TOKENS: amount})
    assert world.used() == 100


def test_what_is_given_back_is_unused_and_what_was_settled_stays(world: World) -> None:
    world.purse.hold("u1", "turn", {TOKENS: 100})
    world.purse.give_back("u1", "turn")
    assert world.used() == 0
    world.purse.settle("u1", "turn", {TOKENS: 30})
    world.purse.give_back("u1", "turn")
    assert world.used() == 30


def at(world: World, day: int, hour: int) -> None:
    world.clock.at = datetime(2026, 1, day, hour, 59, tzinfo=UTC)


@pytest.mark.parametrize("is_settled", [True, False])
def test_over_midnight_a_purpose_stays_on_the_day_of_its_hold(world: World, is_settled: bool) -> None:
    at(world, 2, 23)
    world.purse.hold("u1", "turn", {TOKENS: 900})
    at(world, 3, 0)
    if is_settled:
        world.purse.settle("u1", "turn", {TOKENS: 850})
    else:
        world.purse.give_back("u1", "turn")

    assert world.used() == (850 if is_settled else 0)
    assert world.used(date="2026-01-03") == 0
    assert [push[1:] for push in world.pushed()] == ([("tokens", 850, "warned")] if is_settled else [])


def test_a_day_begins_with_nothing_used(world: World) -> None:
    world.purse.settle("u1", "turn", {TOKENS: 1000})
    at(world, 3, 0)
    assert world.purse.hold("u1", "next", {TOKENS: 10}) == {TOKENS: OK}


def test_a_push_that_is_lost_costs_nothing_else() -> None:
    world = World()
    world.events.is_away = True
    world.purse.settle("u1", "turn", {TOKENS: 900})
    assert world.used() == 900


def test_operators_see_who_spent_what_in_pages(world: World) -> None:
    for number in range(3):
        world.purse.settle(f"u{number}", "turn", {TOKENS: 475 * number})
    at(world, 3, 0)
    world.purse.settle("u9", "turn", {TOKENS: 1})

    def page(position: dict[str, str] | None) -> Page[BudgetItem]:
        command = ListBudgets(date=TODAY, limit=2)
        return list_budgets(command, position=position, store=world.store, clock=world.clock, limits=LIMITS)

    first, second = page(None), page({"after": "u1"})
    assert [item.user_id for item in first.items] == ["u0", "u1"]
    assert first.position == {"after": "u1"}
    [item] = second.items
    assert second.position is None
    assert [(one.kind, one.used, one.limit, one.state) for one in item.budgets] == [
        (TOKENS, 950, 1000, SHORTENED),
        (SPOKEN, 0, 500, OK),
        (HEARD, 0, 0, SPENT),
    ]


def test_without_a_date_it_is_today(world: World) -> None:
    world.purse.settle("u1", "turn", {TOKENS: 1})
    found = list_budgets(ListBudgets(), position=None, store=world.store, clock=world.clock, limits=LIMITS)
    assert [(item.user_id, item.date) for item in found.items] == [("u1", TODAY)]


def test_one_sees_one_s_own_with_what_is_held(world: World) -> None:
    world.purse.hold("u1", "turn", {TOKENS: 810})
    item = show_own("u1", store=world.store, clock=world.clock, limits=LIMITS)

    assert (item.user_id, item.date) == ("u1", TODAY)
    assert (item.budgets[0].used, item.budgets[0].state) == (810, WARNED)
    assert show_own("u2", store=world.store, clock=world.clock, limits=LIMITS).budgets[0].used == 0
