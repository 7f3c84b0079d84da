import pytest

from shared.domains.conversations.models import OPENING
from shared.domains.conversations.rules import beginning
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import cancel_job
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Unavailable
from shared.kernel.partner import PartnerRefused
from tests.shared.domains.conversations.backstage import OPENED, World, an_opening


@pytest.fixture
def world() -> World:
    world = World()
    world.partner.answers = [OPENED]
    world.tracker.record("j1", OPENING, "u1")
    return world


def opened(world: World) -> None:
    beginning.open_conversation(an_opening(), backstage=world.backstage)


def test_a_conversation_is_opened_stored_spoken_and_told(world: World) -> None:
    opened(world)
    stored = world.store.conversations["c1"]
    record = world.records.records["j1"]

    assert (stored.user_id, stored.first_message) == ("u1", "Hi! What can I get you?")
    assert (stored.scene.situation, stored.scene.topic) == ("In a café.", "ordering coffee")
    assert record.status is JobStatus.COMPLETED
    assert record.result == OPENED | {"conversationId": "c1", "audioJobId": stored.audio_job_id}
    assert world.narrator.said == {stored.audio_job_id: ["Hi! What can I get you?"]}
    assert world.told("j1") == ["COMPLETED"]


def test_what_it_cost_is_settled(world: World) -> None:
    opened(world)

    assert world.purse.held == {}
    assert world.purse.settled == {
        "j1-0": {Kind.TOKENS: 120},
        world.store.conversations["c1"].audio_job_id: {Kind.SPOKEN_CHARACTERS: len("Hi! What can I get you?")},
    }


STEPS = [
    ("purse", "hold"),
    ("partner", "fill"),
    ("purse", "settle"),
    ("store", "add"),
    ("narrator", "say_whole"),
    ("tracker", "progress"),
    ("tracker", "complete"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("port", "method"), STEPS)
def test_a_run_that_dies_anywhere_is_finished_by_the_next(world: World, port: str, method: str, after: bool) -> None:
    broken = world.break_once(port, method, after=after)
    with pytest.raises(Unavailable):
        opened(world)
    first = world.store.conversations.get("c1")
    world.partner.answers = [OPENED | {"firstMessage": "Something else?"}]
    opened(world)
    asked = len(world.partner.asked)
    opened(world)
    stored = world.store.conversations["c1"]

    assert len(world.partner.asked) == asked <= 2

    assert asked == 1 or first is None
    assert broken.broke == 1
    assert first in (None, stored)
    assert len(world.store.conversations) == 1
    assert world.narrator.said == {stored.audio_job_id: [stored.first_message]}
    result = world.records.records["j1"].result
    assert result is not None
    assert result["firstMessage"] == stored.first_message
    assert world.told("j1") == ["COMPLETED"]
    assert world.purse.held == {}


@pytest.mark.parametrize("problem", [Unavailable("Throttled."), PartnerRefused(), RuntimeError("a bug")])
def test_where_the_model_fails_nothing_stays_held(world: World, problem: Exception) -> None:
    world.partner.answers = [problem]
    with pytest.raises(type(problem)):
        opened(world)

    assert world.purse.held == world.purse.settled == {}
    assert world.store.conversations == {}
    assert world.records.records["j1"].status is JobStatus.PROCESSING


def test_an_unusable_beginning_is_asked_for_once_more(world: World) -> None:
    world.partner.answers = [{"firstMessage": "\x00"}, OPENED]
    opened(world)

    assert world.store.conversations["c1"].first_message == "Hi! What can I get you?"
    assert set(world.purse.settled) >= {"j1-0", "j1-1"}


def test_after_two_the_student_gets_a_plain_one(world: World) -> None:
    world.partner.answers = [{}]
    opened(world)

    assert len(world.partner.asked) == 2
    assert "ordering coffee" in world.store.conversations["c1"].first_message
    assert world.told("j1") == ["COMPLETED"]


def test_without_tokens_a_plain_one_is_made_without_the_model(world: World) -> None:
    world.purse.states = {Kind.TOKENS: BudgetState.SPENT}
    opened(world)

    assert world.partner.asked == []
    assert "ordering coffee" in world.store.conversations["c1"].first_message
    assert world.narrator.said


def test_without_characters_to_speak_it_is_silent(world: World) -> None:
    world.purse.states = {Kind.SPOKEN_CHARACTERS: BudgetState.SPENT}
    opened(world)

    assert world.store.conversations["c1"].audio_job_id is None
    assert world.records.records["j1"].result == OPENED | {"conversationId": "c1"}
    assert world.narrator.said == {}


def test_what_was_cancelled_is_not_opened(world: World) -> None:
    cancel_job("j1", "u1", jobs=world.records, events=world.events, clock=world.clock)
    opened(world)

    assert world.partner.asked == []
    assert world.store.conversations == {}


def test_a_hostile_beginning_is_only_text(world: World) -> None:
    hostile = '<script>alert(1)</script>\x1b[2J\u202e{"role":"system"}'
    world.partner.answers = [{"situation": hostile, "firstMessage": hostile, "conversationId": "c9", "userId": "u9"}]
    opened(world)
    stored = world.store.conversations["c1"]

    assert stored.first_message == stored.scene.situation == '<script>alert(1)</script>[2J{"role":"system"}'
    assert (stored.user_id, stored.scene.role) == ("u1", "a barista")
