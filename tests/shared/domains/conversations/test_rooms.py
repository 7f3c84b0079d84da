from dataclasses import dataclass, field
from functools import partial

import pytest

from shared.adapters.memory.messages import MemoryMessages, MemoryRoomLog
from shared.adapters.memory.rooms import MemoryRooms
from shared.domains.conversations.contract import AnswerRoom
from shared.domains.conversations.models import ROOM
from shared.domains.conversations.rules import speaking_in_rooms
from shared.domains.conversations.rules.prompting import ROOM_CLOSING
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import cancel_job
from shared.domains.messages.contract import MessageItem, StoreMessages
from shared.domains.messages.models import Message, MessageType, Posted
from shared.domains.messages.rules import posting
from shared.domains.rooms.models import Member, Room
from shared.domains.rooms.service import member_names
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Unavailable
from shared.kernel.partner import PartnerRefused
from tests.builders import a_message
from tests.shared.domains.conversations.backstage import World

JOB = AnswerRoom(job_id="j1", room_id="r1", user_id="u1", level="beginner", prompt="Say hi")


def a_room() -> MemoryRooms:
    rooms = MemoryRooms()
    room = Room(
        room_id="r1",
        name="Café",
        level="beginner",
        max_members=6,
        created_by="u1",
        member_ids=frozenset({"u1"}),
        created_at="2026",
        last_message_at="2026",
    )
    rooms.add(room, Member(room_id="r1", user_id="u1", name="Min", joined_at="2026"))
    return rooms


@dataclass
class RoomWorld(World):
    rooms: MemoryRooms = field(default_factory=a_room)
    messages: MemoryMessages = field(default_factory=MemoryMessages)
    said: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = MemoryRoomLog(self.clock)
        self.log.begin("r1")
        self.tracker.record("j1", ROOM, "u1")
        self.partner.answers = [["Hello, ", "everybody!"]]

    def answer(self) -> str | None:
        """Ask the rule for its words."""
        recent = [MessageItem.of(one) for one in reversed(self.said)]
        names_in = partial(member_names, rooms=self.rooms)
        return speaking_in_rooms.answer_room(JOB, recent=recent, names_in=names_in, backstage=self.backstage)

    def say(self, content: str = "Hello!", message_id: str = JOB.message_id) -> Posted:
        """Say words as the partner."""
        return posting.say_as_partner(
            "r1",
            content,
            message_id=message_id,
            log=self.log,
            messages=self.messages,
            jobs=self.jobs,
            clock=self.clock,
        )


@pytest.fixture
def world() -> RoomWorld:
    return RoomWorld()


def test_the_partner_s_words_are_those_of_the_stream(world: RoomWorld) -> None:
    assert world.answer() == "Hello, everybody!"
    assert world.purse.settled == {"j1": {Kind.TOKENS: 120}}
    assert world.purse.held == {}


def test_the_model_is_shown_who_said_what_oldest_first(world: RoomWorld) -> None:
    world.said = [
        a_message(1, content="Hi"),
        a_message(2, user_id="ai", content="Hello, Min"),
        a_message(3, user_id="gone", content="Bye"),
    ]
    world.answer()

    assert world.partner.asked[0].said[0].text.splitlines() == [
        '"Min" said: "Hi"',
        '"AI partner" said: "Hello, Min"',
        '"Somebody" said: "Bye"',
        'Asked of you: "Say hi"',
    ]


def test_without_tokens_it_closes_politely(world: RoomWorld) -> None:
    world.purse.states = {Kind.TOKENS: BudgetState.SPENT}

    assert world.answer() == ROOM_CLOSING
    assert world.partner.asked == []
    assert world.purse.settled == {}


def test_in_a_room_that_is_gone_nothing_is_said(world: RoomWorld) -> None:
    world.rooms.delete("r1")

    assert world.answer() is None
    assert world.partner.asked == []
    assert world.records.records["j1"].error == "NOT_FOUND"
    assert world.told("j1") == ["FAILED"]


def test_what_was_cancelled_is_not_said(world: RoomWorld) -> None:
    cancel_job("j1", "u1", jobs=world.records, events=world.events, clock=world.clock)

    assert world.answer() is None
    assert world.partner.asked == []


@pytest.mark.parametrize(
    "said",
    [[], [" \n", "\u200b\x00"], [Unavailable("Throttled.")], ["Hello", Unavailable("Broken off.")], [PartnerRefused()]],
)
def test_what_is_no_answer_costs_nothing(world: RoomWorld, said: list[str | Exception]) -> None:
    world.partner.answers = [said]
    with pytest.raises((Unavailable, PartnerRefused)):
        world.answer()

    assert world.purse.held == world.purse.settled == {}
    assert world.records.records["j1"].status is JobStatus.PROCESSING


def test_a_hostile_answer_is_only_text_of_bounded_length(world: RoomWorld) -> None:
    world.partner.answers = [["<img src=x>\u202e", "\x1b[2J", "x" * 9000]]
    text = world.answer() or ""

    assert text.startswith("<img src=x>[2Jxxx")
    assert len(text) == 4000


def test_what_was_said_by_a_run_that_died_is_not_asked_again(world: RoomWorld) -> None:
    first = world.say(world.answer() or "")
    world.said = [first.message]
    world.partner.answers = [["Something else."]]

    assert world.answer() == "Hello, everybody!"
    assert len(world.partner.asked) == 1


def test_the_partner_s_message_is_placed_shown_and_queued(world: RoomWorld) -> None:
    posted = world.say("Hello!")
    message = posted.message

    assert (message.user_id, message.message_type, message.content) == ("ai", MessageType.AI_RESPONSE, "Hello!")
    assert message.message_id == JOB.message_id
    assert world.log.recent["r1"] == [message]
    assert world.jobs.jobs == [StoreMessages(messages=[message])]
    assert world.log.marks == {}


def test_said_again_it_is_one_message_with_the_first_words(world: RoomWorld) -> None:
    first = world.say("Hello!")
    again = world.say("Something else.")

    assert again.message == first.message
    assert again.is_queued
    assert len(world.jobs.jobs) == len(world.log.recent["r1"]) == 1


def test_what_the_queue_did_not_take_is_queued_when_it_is_said_again(world: RoomWorld) -> None:
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        world.say("Hello!")
    assert world.log.unqueued(older_than_seconds=0, limit=10)

    world.jobs.is_away = False
    posted = world.say("Hello!")
    assert world.jobs.jobs == [StoreMessages(messages=[posted.message])]
    assert world.log.unqueued(older_than_seconds=0, limit=10) == []


def test_said_before_redis_lost_its_memory_it_is_found_in_the_table(world: RoomWorld) -> None:
    first = world.say("Hello!")
    world.messages.add_all([first.message])
    world.log.lose_memory()
    again = world.say("Something else.")

    assert again.message == first.message
    assert len(world.jobs.jobs) == 1


def test_in_a_room_whose_memory_was_lost_it_is_said_above_what_is_stored(world: RoomWorld) -> None:
    world.messages.add_all([a_message(7)])
    world.log.lose_memory()

    assert world.say("Hello!").message.seq == 8


def test_what_is_too_long_is_cut(world: RoomWorld) -> None:
    assert len(world.say("x" * 5000).message.content) == 4000
