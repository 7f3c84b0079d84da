from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import redis

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.messages import MemoryMessages, MemoryRoomLog
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_room_log import KEEP_RECENT, REMEMBER_IDS_SECONDS, UNQUEUED, RedisRoomLog
from shared.adapters.system import SystemClock
from shared.domains.messages import service
from shared.domains.messages.models import Draft, Head, Highest, Message, MessageType, Posted, Unsettled
from shared.domains.messages.ports import RoomLog
from shared.kernel.times import timestamp
from shared.kernel.topics import room_topic
from shared.kernel.wire import Parcel, Resynced, Sequenced, unpack
from tests.builders import a_message, a_post
from tests.shared.adapters.concurrency import together, until


def a_draft(message_id: str = "m1", **fields: Any) -> Draft:
    given = {"room_id": "r1", "user_id": "u1", "content": "Hello", "message_type": MessageType.TEXT}
    return Draft(message_id=message_id, **(given | {"key": None, "url": None} | fields))


def posted(log: RoomLog, message_id: str = "m1", **fields: Any) -> Message:
    outcome = log.post(a_draft(message_id, **fields), is_verified=True)
    assert isinstance(outcome, Posted)
    return outcome.message


def head_of(log: RoomLog, room_id: str = "r1") -> Head:
    head = log.head(room_id)
    assert head is not None
    return head


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


class Ear:
    """Listens to a room's topic."""

    def __init__(self, client: redis.Redis, room_id: str = "r1") -> None:
        self._pubsub = client.pubsub(ignore_subscribe_messages=False)
        self._pubsub.subscribe(room_topic(room_id))  # type: ignore[no-untyped-call]
        assert self._pubsub.get_message(timeout=5)["type"] == "subscribe"

    def hear(self, count: int) -> list[Parcel]:
        heard: list[Parcel] = []
        while len(heard) < count:
            message = self._pubsub.get_message(timeout=5)
            assert message is not None, f"heard {len(heard)} of {count}"
            heard.append(unpack(message["data"]))
        return heard

    def close(self) -> None:
        self._pubsub.close()


@pytest.fixture
def ear(adapter_redis: redis.Redis) -> Any:
    listening = Ear(adapter_redis)
    yield listening
    listening.close()


@pytest.fixture
def redis_log(adapter_grouped: GroupedRedis) -> RedisRoomLog:
    log = RedisRoomLog(adapter_grouped, SetClock())
    log.begin("r1")
    return log


def test_a_message_is_published_with_its_place_and_url(redis_log: RedisRoomLog, ear: Ear) -> None:
    said = posted(redis_log, content="안녕", message_type=MessageType.IMAGE, key="k", url="https://x/?a=%20&b")
    posted(redis_log)
    posted(redis_log, "m2")

    first, second = ear.hear(2)

    assert isinstance(first, Sequenced)
    assert (first.epoch, first.seq) == (said.epoch, 1)
    assert orjson.loads(first.payload) == {
        "type": "message",
        "messageId": "m1",
        "roomId": "r1",
        "userId": "u1",
        "content": "안녕",
        "messageType": "IMAGE",
        "key": "k",
        "createdAt": said.created_at,
        "seq": 1,
        "url": "https://x/?a=%20&b",
    }
    assert isinstance(second, Sequenced)
    assert "url" not in orjson.loads(second.payload)


def test_a_restored_room_is_told_to_resync_once(redis_log: RedisRoomLog, adapter_redis: redis.Redis, ear: Ear) -> None:
    redis_log.restore("r1", above=Highest(5, None))
    adapter_redis.flushall()
    head = redis_log.restore("r1", above=Highest(5, None))
    redis_log.restore("r1", above=Highest(5, None))
    posted(redis_log)

    resync, message = ear.hear(2)

    assert isinstance(resync, Resynced)
    assert (resync.epoch, resync.seq) == (head.epoch, 5)
    assert orjson.loads(resync.payload) == {"type": "resync", "lastSeq": 5, "epoch": head.epoch}
    assert isinstance(message, Sequenced)


def test_the_recent_history_keeps_what_is_not_stored_and_the_last_200(redis_log: RedisRoomLog) -> None:
    said = [posted(redis_log, f"m{number}") for number in range(KEEP_RECENT + 20)]
    assert len(redis_log.newest("r1", before=None, limit=1000).messages) == len(said)

    redis_log.mark_stored(said[:10])
    said.append(posted(redis_log, "one more"))
    assert redis_log.newest("r1", before=None, limit=1000).messages == said[:9:-1]

    redis_log.mark_stored(said)
    said.append(posted(redis_log, "the last"))
    assert redis_log.newest("r1", before=None, limit=1000).messages == said[: -KEEP_RECENT - 1 : -1]
    assert redis_log.since("r1", 3) is None


def test_a_known_message_beyond_the_recent_history_still_has_its_place(redis_log: RedisRoomLog) -> None:
    first = posted(redis_log, "first")
    redis_log.mark_stored([first])
    for number in range(KEEP_RECENT):
        redis_log.mark_stored([posted(redis_log, f"m{number}")])

    outcome = redis_log.post(a_draft("first"), is_verified=False)

    assert outcome == Posted(first, is_queued=True)


def test_a_place_in_a_lost_epoch_never_names_a_message_of_another(
    redis_log: RedisRoomLog, adapter_redis: redis.Redis
) -> None:
    lost = posted(redis_log, "old")
    adapter_redis.delete("room:{r1}:head")
    redis_log.restore("r1", above=Highest(0, None))
    other = posted(redis_log, "new")
    assert other.seq == lost.seq

    outcome = redis_log.post(a_draft("old"), is_verified=False)

    assert isinstance(outcome, Posted)
    assert outcome.message == lost
    assert redis_log.unqueued(older_than_seconds=0, limit=10) == [other]
    assert adapter_redis.zcard(UNQUEUED) == 1


def test_nothing_of_a_room_is_kept_for_ever(redis_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    posted(redis_log)
    redis_log.remember(a_message(9))

    kept: Any = adapter_redis.keys("room:*")
    assert len(kept) == 5
    assert all(adapter_redis.ttl(key) > 0 for key in kept)


def test_times_are_written_as_everywhere(redis_log: RedisRoomLog) -> None:
    clock = SetClock(datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC))
    log = RedisRoomLog(redis_log._redis, clock)
    for number in range(150):
        clock.at += timedelta(days=97, hours=5, minutes=7, seconds=11, microseconds=number)
        assert posted(log, f"m{number}").created_at == timestamp(clock.at)


@pytest.fixture
def valkey_log(adapter_valkey: redis.Redis) -> RedisRoomLog:
    log = RedisRoomLog(GroupedRedis(adapter_valkey), SystemClock())
    log.begin("r1")
    return log


def test_of_many_at_once_each_has_its_place(valkey_log: RedisRoomLog, adapter_valkey: redis.Redis) -> None:
    ear = Ear(adapter_valkey)

    def post(thread: int) -> list[Message]:
        return [posted(valkey_log, f"{thread}-{number}") for number in range(250)]

    said = sorted((one for some in together(8, post) for one in some), key=lambda one: one.seq)
    heard = ear.hear(2000)
    ear.close()

    assert [one.seq for one in said] == list(range(1, 2001))
    times = [one.created_at for one in said]
    assert all(earlier < later for earlier, later in zip(times, times[1:], strict=False))
    assert [one.seq for one in heard if isinstance(one, Sequenced)] == list(range(1, 2001))
    assert valkey_log.since("r1", 0) == said


def test_one_request_from_many_at_once_is_one_message(valkey_log: RedisRoomLog, adapter_valkey: redis.Redis) -> None:
    ear = Ear(adapter_valkey)
    store = MemoryMessages()

    def post(thread: int) -> Posted:
        return service.post_message(
            a_post(f"said by {thread}", requestId="the same"),
            service.Author("u1", "r1"),
            fresh_id=f"unused-{thread}",
            log=valkey_log,
            messages=store,
            sign=str,
            clock=SystemClock(),
        )

    outcomes = together(20, post)
    posted(valkey_log, "after")

    assert len({outcome.message for outcome in outcomes}) == 1
    assert [one.seq for one in ear.hear(2) if isinstance(one, Sequenced)] == [1, 2]
    ear.close()


def test_a_room_survives_the_loss_of_everything_between_two_posts(
    valkey_log: RedisRoomLog, adapter_valkey: redis.Redis
) -> None:
    ear = Ear(adapter_valkey)
    store = MemoryMessages()
    before = [posted(valkey_log, f"m{number}") for number in range(3)]
    store.add_all(before)
    adapter_valkey.flushall()

    def post(thread: int) -> Posted:
        draft = a_draft(f"after-{thread}")
        return service.place(draft, is_new=True, log=valkey_log, messages=store, clock=SystemClock())

    after = sorted((outcome.message for outcome in together(6, post)), key=lambda one: one.seq)
    heard = ear.hear(10)
    ear.close()

    assert [one.seq for one in after] == [4, 5, 6, 7, 8, 9]
    assert {one.epoch for one in after} == {head_of(valkey_log).epoch} != {before[0].epoch}
    assert min(one.created_at for one in after) > before[-1].created_at
    assert [type(one) for one in heard] == [Sequenced] * 3 + [Resynced] + [Sequenced] * 6
    until(lambda: adapter_valkey.zcard(UNQUEUED) == 6)
