import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import redis

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.messages import MemoryMessages
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_room_log import KEEP_RECENT, UNQUEUED, RedisRoomLog
from shared.adapters.system import SystemClock
from shared.domains.messages.models import Author, Highest, Message, MessageType, Posted
from shared.domains.messages.rules import posting
from shared.kernel.times import timestamp
from shared.kernel.wire import Resynced, Sequenced
from tests.builders import a_message, a_post
from tests.shared.adapters.concurrency import together, until
from tests.shared.adapters.saying import Ear, a_draft, head_of, posted


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
    assert all(earlier < later for earlier, later in itertools.pairwise(times))
    assert [one.seq for one in heard if isinstance(one, Sequenced)] == list(range(1, 2001))
    assert valkey_log.since("r1", 0) == said


def test_one_request_from_many_at_once_is_one_message(valkey_log: RedisRoomLog, adapter_valkey: redis.Redis) -> None:
    ear = Ear(adapter_valkey)
    store = MemoryMessages()

    def post(thread: int) -> Posted:
        return posting.post_message(
            a_post(f"said by {thread}", requestId="the same"),
            Author("u1", "r1"),
            fresh_id=f"unused-{thread}",
            log=valkey_log,
            messages=store,
            sign=str,
            freeze=str,
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
        return posting.place(draft, is_new=True, log=valkey_log, messages=store, clock=SystemClock())

    after = sorted((outcome.message for outcome in together(6, post)), key=lambda one: one.seq)
    heard = ear.hear(10)
    ear.close()

    assert [one.seq for one in after] == [4, 5, 6, 7, 8, 9]
    assert {one.epoch for one in after} == {head_of(valkey_log).epoch} != {before[0].epoch}
    assert min(one.created_at for one in after) > before[-1].created_at
    assert [type(one) for one in heard] == [Sequenced] * 3 + [Resynced] + [Sequenced] * 6
    until(lambda: adapter_valkey.zcard(UNQUEUED) == 6)
