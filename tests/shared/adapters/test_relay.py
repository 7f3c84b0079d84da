"""Commands whose replies are told to callbacks: in order, each once, whatever becomes of Redis."""

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
import redis
from structlog.testing import capture_logs

from embedded.running import EmbeddedProcess
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_relay import RedisRelay
from shared.adapters.redis_room_log import RedisRoomLog
from shared.adapters.system import SystemClock
from shared.domains.messages.models import Highest, Posted, Unsettled
from shared.kernel.errors import Unavailable
from shared.kernel.topics import room_topic
from shared.kernel.wire import Push, Sequenced, unpack
from tests.shared.adapters.concurrency import together, until
from tests.shared.adapters.saying import a_draft, posted


@pytest.fixture
def relay(adapter_redis: redis.Redis) -> RedisRelay:
    made = RedisRelay(adapter_redis)
    made.start()
    made.start()
    return made


def test_replies_are_told_in_the_order_of_the_commands(relay: RedisRelay) -> None:
    told: list[Any] = []
    for number in range(1_200):
        relay.submit(("ECHO", str(number)), told.append)
    until(lambda: len(told) == 1_200)

    assert told == [str(number).encode() for number in range(1_200)]


def test_of_many_at_once_each_hears_its_own(relay: RedisRelay) -> None:
    told: dict[str, list[Any]] = {f"{thread}-{number}": [] for thread in range(8) for number in range(100)}

    def ask(thread: int) -> None:
        for number in range(100):
            relay.submit(("ECHO", f"{thread}-{number}"), told[f"{thread}-{number}"].append)

    together(8, ask)
    until(lambda: all(told.values()))

    assert told == {asked: [asked.encode()] for asked in told}


def test_what_is_in_no_hurry_leaves_with_the_next_group(relay: RedisRelay) -> None:
    told: list[Any] = []
    relay.submit(("ECHO", "patient"), told.append, in_no_hurry=True)
    relay.submit(("ECHO", "next"), told.append)
    until(lambda: len(told) == 2)

    assert told == [b"patient", b"next"]


def test_what_is_in_no_hurry_leaves_by_itself_where_nothing_follows(relay: RedisRelay) -> None:
    told: list[Any] = []
    for number in range(3):
        relay.submit(("ECHO", str(number)), told.append, in_no_hurry=True)
    until(lambda: len(told) == 3)

    assert told == [b"0", b"1", b"2"]


def test_what_redis_refuses_is_told_and_the_others_go_on(relay: RedisRelay) -> None:
    told: list[Any] = []
    relay.submit(("SET", "k", "v"), told.append)
    relay.submit(("LPUSH", "k", "v"), told.append)
    relay.submit(("GET", "k"), told.append)
    until(lambda: len(told) == 3)

    assert isinstance(told[1], redis.ResponseError)
    assert told[2] == b"v"


def test_a_callback_that_raises_keeps_nobody_from_its_answer(relay: RedisRelay) -> None:
    told: list[Any] = []

    def fail(_reply: Any) -> None:
        raise ValueError("broken")

    relay.submit(("ECHO", "1"), fail)
    relay.submit(("ECHO", "2"), told.append)
    until(lambda: told)

    assert told == [b"2"]


def test_what_cannot_be_packed_is_refused_to_its_caller_alone(relay: RedisRelay) -> None:
    told: list[Any] = []
    with pytest.raises(TypeError):
        relay.submit(("SET", "k", object()), told.append)
    relay.submit(("ECHO", "1"), told.append)
    until(lambda: told)

    assert told == [b"1"]


@pytest.fixture
def own_relay(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Callable[[EmbeddedProcess], redis.Redis]
) -> RedisRelay:
    """A relay to a server of this test, which has answered already."""
    made = RedisRelay(adapter_connect(adapter_own_valkey))
    made.start()
    told: list[Any] = []
    made.submit(("ECHO", "1"), told.append)
    until(lambda: told)
    return made


def test_without_redis_each_hears_unavailable_and_later_replies_again(
    adapter_own_valkey: EmbeddedProcess, own_relay: RedisRelay
) -> None:
    told: list[Any] = []

    adapter_own_valkey.kill()
    for _ in range(3):
        own_relay.submit(("ECHO", "2"), told.append)
    until(lambda: len(told) == 3)
    adapter_own_valkey.start()
    own_relay.submit(("ECHO", "3"), told.append)
    until(lambda: len(told) == 4)

    assert [type(one) for one in told[:3]] == [Unavailable] * 3
    assert told[3] == b"3"


def test_a_server_that_hangs_is_said_soon_and_comes_back(
    adapter_own_valkey: EmbeddedProcess, own_relay: RedisRelay
) -> None:
    told: list[Any] = []
    pid = adapter_own_valkey.pid
    assert pid is not None

    os.kill(pid, signal.SIGSTOP)
    try:
        own_relay.submit(("ECHO", "2"), told.append)
        until(lambda: told, seconds=5.0)
    finally:
        os.kill(pid, signal.SIGCONT)
    own_relay.submit(("ECHO", "3"), told.append)
    until(lambda: len(told) == 2)

    assert [type(told[0]), told[1]] == [Unavailable, b"3"]


@pytest.fixture
def room_log(adapter_redis: redis.Redis) -> RedisRoomLog:
    log = RedisRoomLog(GroupedRedis(adapter_redis), SystemClock())
    log.begin("r1")
    return log


def soon(log: RedisRoomLog, message_id: str, **fields: Any) -> Any:
    told: list[Any] = []
    heard = threading.Event()

    def tell(outcome: Any) -> None:
        told.append(outcome)
        heard.set()

    assert log.post_soon(a_draft(message_id, **fields), is_verified=False, told=tell)
    assert heard.wait(60)
    return told[0]


def test_before_its_start_a_log_takes_nothing_to_be_told(room_log: RedisRoomLog) -> None:
    assert not room_log.post_soon(a_draft(), is_verified=False, told=lambda _outcome: None)
    assert room_log.newest("r1", before=None, limit=10).messages == []


def test_both_ways_give_a_message_the_same_place(room_log: RedisRoomLog) -> None:
    room_log.start()
    first = posted(room_log, "first")

    assert soon(room_log, "first") == Posted(first, is_queued=False)
    second = soon(room_log, "second")
    assert (second.message.seq, second.is_queued) == (2, False)
    assert room_log.post(a_draft("second"), is_verified=False) == second
    assert room_log.newest("r1", before=None, limit=10).messages == [second.message, first]


def test_a_script_that_redis_forgot_is_loaded_again(room_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    room_log.start()
    adapter_redis.script_flush()

    assert isinstance(soon(room_log, "m1"), Posted)
    assert soon(room_log, "m1").message.seq == 1


def test_a_lost_room_is_not_settled(room_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    room_log.start()
    adapter_redis.flushall()
    assert soon(room_log, "m1") is Unsettled.NO_EPOCH

    room_log.restore("r1", above=Highest(3, None))
    assert soon(room_log, "m1") is Unsettled.UNVERIFIED


def test_what_redis_refuses_is_left_to_the_long_way(room_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    room_log.start()
    adapter_redis.delete("room:{r1}:head")
    adapter_redis.set("room:{r1}:head", "broken")

    assert soon(room_log, "m1") is None


def test_what_is_marked_soon_is_found_no_more(room_log: RedisRoomLog) -> None:
    said = [posted(room_log, f"m{number}") for number in range(3)]
    room_log.mark_queued_soon(said[:1])
    assert room_log.unqueued(older_than_seconds=0, limit=10) == said[1:]

    room_log.start()
    room_log.mark_queued_soon([])
    room_log.mark_queued_soon(said[1:2])
    until(lambda: room_log.unqueued(older_than_seconds=0, limit=10) == said[2:])


def test_what_cannot_be_marked_is_logged(room_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    said = posted(room_log, "m0")
    adapter_redis.set("messages:unqueued", "broken")
    room_log.start()

    with capture_logs() as logs:
        room_log.mark_queued_soon([said])
        until(lambda: logs)
    assert [one["event"] for one in logs] == ["messages.not_marked"]


def pushed(log: RedisRoomLog, payload: bytes, told: Callable[[Any], None]) -> bool:
    return log.push_soon("r1", payload, except_user="ann", told=told)


def test_a_push_is_heard_behind_the_message_before_it(room_log: RedisRoomLog, adapter_redis: redis.Redis) -> None:
    assert posted(room_log, "m0").seq == 1  # and Redis knows the script: who must load it loses the place in the line
    client: Any = adapter_redis
    ear = client.pubsub(ignore_subscribe_messages=True)
    ear.subscribe(room_topic("r1"))
    until(lambda: adapter_redis.pubsub_numsub(room_topic("r1"))[0][1] == 1)
    told: list[Any] = []
    assert not pushed(room_log, b"{}", told.append)
    room_log.start()
    for number in range(1, 21):
        assert room_log.post_soon(a_draft(f"m{number}"), is_verified=False, told=told.append)
        assert pushed(room_log, b'{"type":"typing"}', told.append)
    until(lambda: len(told) == 40)

    heard: list[bytes] = []

    def hears_all() -> bool:
        heard.extend(one["data"] for one in iter(ear.get_message, None))
        return len(heard) == 40

    until(hears_all)
    ear.close()
    parcels = [unpack(parcel) for parcel in heard]
    assert [one.seq for one in parcels[::2] if isinstance(one, Sequenced)] == list(range(2, 22))
    assert parcels[1::2] == [Push(b'{"type":"typing"}', "ann")] * 20
    assert told[1::2] == [1] * 20


def test_a_push_that_finds_no_redis_is_told(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Callable[[EmbeddedProcess], redis.Redis]
) -> None:
    log = RedisRoomLog(GroupedRedis(adapter_connect(adapter_own_valkey)), SystemClock())
    log.start()
    told: list[Any] = []
    assert pushed(log, b"{}", told.append)
    until(lambda: told)
    adapter_own_valkey.kill()
    assert pushed(log, b"{}", told.append)
    until(lambda: len(told) == 2)

    assert told[0] == 0
    assert isinstance(told[1], Unavailable)
