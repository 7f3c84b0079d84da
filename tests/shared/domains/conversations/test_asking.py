import pytest
from pydantic import ValidationError

from shared.domains.conversations.contract import (
    AnswerRoom,
    AskRoomPartner,
    ListConversations,
    OpenConversation,
    ReportConversation,
    StartConversation,
)
from shared.domains.conversations.errors import ConversationEnded, ConversationNotFound
from shared.domains.conversations.models import OPENING, REPORT, ROOM, Conversation
from shared.domains.conversations.rules import beginning, reading, reporting, speaking_in_rooms
from shared.kernel.errors import Unavailable
from tests.shared.domains.conversations.backstage import SCENE, World, a_correction


def start(world: World, level_of_account: str | None = None, **fields: object) -> OpenConversation:
    beginning.start_conversation(
        StartConversation.model_validate(fields),
        user_id="u1",
        language="ko",
        level_of_account=level_of_account,
        job_id="j1",
        tracker=world.tracker,
        jobs=world.jobs,
    )
    job = world.jobs.jobs[-1]
    assert isinstance(job, OpenConversation)
    return job


def end(world: World, conversation_id: str = "c1", user_id: str = "u1") -> str:
    return reporting.end_conversation(
        conversation_id, user_id, tracker=world.tracker, store=world.store, jobs=world.jobs, clock=world.clock
    )


def test_starting_records_the_job_before_it_is_queued() -> None:
    world = World()
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        start(world)

    assert world.records.records["j1"].kind == OPENING


def test_the_same_job_asked_for_again_opens_the_same_conversation() -> None:
    world = World()

    assert start(world) == start(world)
    assert start(world).identity() == "j1"
    assert len(world.records.records) == 1


@pytest.mark.parametrize(
    ("fields", "account", "level"),
    [
        ({}, None, "intermediate"),
        ({}, "advanced", "advanced"),
        ({"difficulty": "하"}, "advanced", "beginner"),
        ({"level": "Intermediate"}, "advanced", "intermediate"),
    ],
)
def test_the_level_is_the_one_that_was_given_else_the_account_s(
    fields: dict[str, object], account: str | None, level: str
) -> None:
    assert start(World(), account, **fields).scene.level == level


def test_topic_and_role_are_one_clean_line_and_have_defaults() -> None:
    scene = start(World(), topic=" my\n\u202ecat\x00 ", role="\u200b").scene

    assert (scene.topic, scene.role, scene.language) == ("my cat", "a friendly conversation partner", "ko")
    assert start(World()).scene.topic == "daily life"


@pytest.mark.parametrize("fields", [{"topic": "x" * 101}, {"role": " "}, {"mood": "happy"}, {"difficulty": "expert"}])
def test_wrong_wishes_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StartConversation.model_validate(fields)


def test_a_list_has_one_s_own_newest_first() -> None:
    world = World()
    for number, user in enumerate(["u1", "u2", "u1"]):
        one = Conversation(conversation_id=f"c{number}", user_id=user, scene=SCENE, started_at=f"202{number}")
        world.store.add(one)
    first = reading.list_conversations(ListConversations(limit=1), "u1", position=None, store=world.store)
    rest = reading.list_conversations(ListConversations(), "u1", position=first.position, store=world.store)

    assert [one.conversation_id for one in (*first.items, *rest.items)] == ["c2", "c0"]
    assert first.items[0].difficulty == "beginner"
    assert rest.position is None


def test_a_conversation_is_shown_with_all_its_turns() -> None:
    world = World()
    world.converse(503, correction=a_correction(), first_message="Hi!")
    shown = reading.show_conversation("c1", "u1", store=world.store)

    assert [one.number for one in shown.turns] == list(range(1, 504))
    assert (shown.turn_count, shown.first_message, shown.role) == (503, "Hi!", "a barista")
    assert shown.turns[0].correction == a_correction()


@pytest.mark.parametrize(("conversation_id", "user_id"), [("c1", "u2"), ("c2", "u1")])
def test_what_is_somebody_else_s_or_not_there_is_not_found(conversation_id: str, user_id: str) -> None:
    world = World()
    world.converse(1)

    with pytest.raises(ConversationNotFound):
        reading.show_conversation(conversation_id, user_id, store=world.store)
    with pytest.raises(ConversationNotFound):
        end(world, conversation_id, user_id)
    assert world.jobs.jobs == []
    assert not world.store.conversations["c1"].has_ended


def test_ending_ends_at_once_and_has_a_report_written() -> None:
    world = World()
    world.converse(1)
    job_id = end(world)

    assert world.store.conversations["c1"].has_ended
    assert world.records.records[job_id].kind == REPORT
    assert world.jobs.jobs == [ReportConversation(job_id=job_id, conversation_id="c1", user_id="u1", scene=SCENE)]


def test_what_has_ended_is_not_ended_again() -> None:
    world = World()
    world.converse(1)
    end(world)
    with pytest.raises(ConversationEnded):
        end(world)

    assert len(world.jobs.jobs) == 1


def test_what_could_not_be_queued_goes_on_and_can_be_ended_later() -> None:
    world = World()
    world.converse(1)
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        end(world)
    assert not world.store.conversations["c1"].has_ended

    world.jobs.is_away = False
    end(world)
    assert world.store.conversations["c1"].has_ended
    assert len(world.records.records) == len(world.jobs.jobs) == 1


def test_the_room_s_partner_is_asked_by_a_job() -> None:
    world = World()
    speaking_in_rooms.ask_room_partner(
        AskRoomPartner(prompt="Say hi"),
        room_id="r1",
        level="beginner",
        user_id="u1",
        job_id="j1",
        tracker=world.tracker,
        jobs=world.jobs,
    )

    assert world.records.records["j1"].kind == ROOM
    assert world.jobs.jobs == [AnswerRoom(job_id="j1", room_id="r1", user_id="u1", level="beginner", prompt="Say hi")]
