from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.messages import MemoryRoomLog
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_room_log import REMEMBER_IDS_SECONDS, RedisRoomLog
from shared.domains.messages.models import Highest, MessageType, Posted, Unsettled
from shared.domains.messages.ports import RoomLog
from shared.kernel.times import timestamp
from tests.builders import a_message
from tests.shared.adapters.saying import a_draft, head_of, posted


@dataclass
class World:
    log: RoomLog
    clock: SetClock
    forget: Callable[[], Any]


@pytest.fixture(params=["memory", "fakeredis", "valkey"])
def world(request: pytest.FixtureRequest) -> World:
    clock = SetClock()
    if request.param == "memory":
        memory = MemoryRoomLog(clock)
        return World(memory, clock, memory.lose_memory)
    client: redis.Redis = request.getfixturevalue(f"adapter_{request.param}")
    return World(RedisRoomLog(GroupedRedis(client), clock), clock, client.flushall)


@pytest.fixture
def log(world: World) -> RoomLog:
    world.log.begin("r1")
    return world.log


def test_a_new_room_begins_once(log: RoomLog) -> None:
    head = head_of(log)
    log.begin("r1")

    assert head_of(log) == head
    assert (head.last_seq, head.lost_at) == (0, None)
    assert log.head("r2") is None


def test_a_room_without_an_epoch_takes_no_message(world: World) -> None:
    assert world.log.post(a_draft(), is_verified=True) is Unsettled.NO_EPOCH
    assert world.log.since("r1", 0) is None
    assert world.log.newest("r1", before=None, limit=5) == ([], False)


def test_messages_are_numbered_and_timed_in_one_order(log: RoomLog, world: World) -> None:
    world.clock.at = datetime(2024, 2, 29, 23, 59, 59, 999_998, UTC)
    first = posted(log, "m1")
    world.clock.at -= timedelta(hours=1)
    second, third = posted(log, "m2"), posted(log, "m3")

    assert [one.seq for one in (first, second, third)] == [1, 2, 3]
    assert first.created_at == "2024-02-29T23:59:59.999999Z"
    assert second.created_at == "2024-03-01T00:00:00.000000Z"
    assert third.created_at == "2024-03-01T00:00:00.000001Z"
    assert {one.epoch for one in (first, second, third)} == {head_of(log).epoch}


def test_rooms_are_numbered_each_for_itself(log: RoomLog) -> None:
    log.begin("r2")
    posted(log, "m1")

    assert posted(log, "m2", room_id="r2").seq == 1
    assert {room: head.last_seq for room, head in log.heads(["r1", "r2", "r3"]).items()} == {"r1": 1, "r2": 1}
    assert log.heads([]) == {}


@pytest.mark.parametrize(
    "content", ["안녕하세요 👋🏽", 'She said "no"\n\t\\ {"a": 1}', "x" * 4000, "\u0000\u2028", "%s %d"]
)
def test_a_message_is_remembered_as_it_was_said(log: RoomLog, content: str) -> None:
    said = posted(log, content=content, message_type=MessageType.IMAGE, key="uploads/r1/u1/a.png", url="https://x/?a=1")

    assert (said.content, said.key, said.message_type) == (content, "uploads/r1/u1/a.png", MessageType.IMAGE)
    assert log.newest("r1", before=None, limit=1).messages == [said]
    assert log.since("r1", 0) == [said]


def test_the_same_id_keeps_its_first_place_and_words(log: RoomLog) -> None:
    first = posted(log)

    assert log.post(a_draft(content="Other"), is_verified=False) == Posted(first, is_queued=False)
    log.mark_queued([first])
    assert log.post(a_draft(content="Other"), is_verified=False) == Posted(first, is_queued=True)
    assert head_of(log).last_seq == 1


def test_what_is_stored_needs_no_queuing_either(log: RoomLog) -> None:
    first = posted(log)
    log.mark_stored([first])

    assert log.post(a_draft(), is_verified=False) == Posted(first, is_queued=True)


def test_a_lost_room_goes_on_above_what_is_stored(log: RoomLog, world: World) -> None:
    before = head_of(log)
    world.forget()
    future = timestamp(world.clock.at + timedelta(hours=1))

    restored = log.restore("r1", above=Highest(41, future))

    assert restored == head_of(log)
    assert restored.epoch != before.epoch
    assert restored.last_seq == 41
    assert restored.lost_at == pytest.approx(world.clock.at.timestamp() * 1000, abs=10)
    assert log.restore("r1", above=Highest(99, None)) == restored
    next_one = posted(log)
    assert (next_one.seq, next_one.epoch) == (42, restored.epoch)
    assert next_one.created_at > future


def test_after_a_loss_an_id_is_looked_up_for_a_day(log: RoomLog, world: World) -> None:
    world.forget()
    log.restore("r1", above=Highest(0, None))

    assert log.post(a_draft("m1"), is_verified=False) is Unsettled.UNVERIFIED
    assert posted(log, "m1").seq == 1
    assert isinstance(log.post(a_draft("m1"), is_verified=False), Posted)
    world.clock.sleep(REMEMBER_IDS_SECONDS - 60)
    assert log.post(a_draft("m2"), is_verified=False) is Unsettled.UNVERIFIED
    world.clock.sleep(61)
    assert isinstance(log.post(a_draft("m2"), is_verified=False), Posted)


def test_a_place_that_the_table_knows_is_kept(log: RoomLog, world: World) -> None:
    world.forget()
    log.restore("r1", above=Highest(7, None))
    posted(log, "another")
    stored = a_message(3, epoch="lost")
    log.remember(stored)

    outcome = log.post(a_draft(stored.message_id), is_verified=False)

    assert outcome == Posted(stored, is_queued=True)
    assert head_of(log).last_seq == 8


def test_what_came_after_a_number_is_told_or_said_to_be_missing(log: RoomLog, world: World) -> None:
    said = [posted(log, f"m{number}") for number in range(3)]

    assert log.since("r1", 0) == said
    assert log.since("r1", 2) == said[2:]
    assert log.since("r1", 3) == []
    assert log.since("r1", 4) is None
    world.forget()
    log.restore("r1", above=Highest(3, None))
    assert log.since("r1", 2) is None
    assert log.since("r1", 3) == []


def test_the_newest_come_first(log: RoomLog) -> None:
    said = [posted(log, f"m{number}") for number in range(5)]

    assert log.newest("r1", before=None, limit=2) == ([said[4], said[3]], True)
    assert log.newest("r1", before=said[3].created_at, limit=2) == ([said[2], said[1]], True)
    assert log.newest("r1", before=said[0].created_at, limit=2) == ([], True)


def test_what_was_shown_and_not_queued_is_found_after_a_while(log: RoomLog, world: World) -> None:
    log.begin("r2")
    said = []
    for message_id, room_id in (("m0", "r1"), ("m1", "r1"), ("m2", "r2"), ("m3", "r1")):
        said.append(posted(log, message_id, room_id=room_id))
        world.clock.sleep(0.01)
    assert log.unqueued(older_than_seconds=5, limit=10) == []
    world.clock.sleep(6)
    late = posted(log, "m4")

    log.mark_queued([said[0]])
    log.mark_queued([])
    log.mark_stored([])
    assert log.unqueued(older_than_seconds=5, limit=10) == said[1:]
    assert len(log.unqueued(older_than_seconds=5, limit=2)) == 2
    log.mark_stored(said[1:3])
    assert log.unqueued(older_than_seconds=5, limit=10) == said[3:]
    world.clock.sleep(6)
    assert log.unqueued(older_than_seconds=5, limit=10) == [said[3], late]
    world.forget()
    assert log.unqueued(older_than_seconds=5, limit=10) == []
