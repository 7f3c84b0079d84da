import threading
import time

import pytest
import redis

from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.adapters.redis_slots import RedisSlots
from shared.kernel.errors import Unavailable
from tests.shared.adapters.concurrency import together


def test_no_more_are_held_at_once_than_there_are_places(adapter_valkey: redis.Redis) -> None:
    processes = [RedisSlots(GroupedRedis(adapter_valkey), "tts", 3) for _ in range(4)]
    lock, now, most = threading.Lock(), 0, 0

    def call(number: int) -> None:
        nonlocal now, most
        with processes[number % 4].taking():
            with lock:
                now += 1
                most = max(most, now)
            threading.Event().wait(0.01)  # the call itself
            with lock:
                now -= 1

    together(24, call)
    assert most == 3
    assert adapter_valkey.zcard("slots:{tts}:held") == 0


def test_whoever_finds_none_in_time_is_told(adapter_grouped: GroupedRedis) -> None:
    slots = RedisSlots(adapter_grouped, "tts", 1, patience=0.05)
    with slots.taking(), pytest.raises(Unavailable), slots.taking():
        raise AssertionError
    with slots.taking(), RedisSlots(adapter_grouped, "speech", 1).taking():
        pass


def test_a_place_whose_process_died_is_free_after_its_lease(adapter_valkey: redis.Redis) -> None:
    adapter_valkey.zadd("slots:{tts}:held", {"dead": int(time.time() * 1000) + 150})
    began = time.monotonic()
    with RedisSlots(GroupedRedis(adapter_valkey), "tts", 1).taking():
        assert time.monotonic() - began > 0.1


def test_a_place_is_given_back_when_the_call_fails(adapter_grouped: GroupedRedis) -> None:
    slots = RedisSlots(adapter_grouped, "tts", 1, patience=0.05)
    for _ in range(3):
        with pytest.raises(KeyError), slots.taking():
            raise KeyError


def test_without_redis_each_process_keeps_its_share(adapter_valkey: redis.Redis) -> None:
    away = GroupedRedis(connect("redis://127.0.0.1:1/0"))
    alone = RedisSlots(away, "tts", 2, patience=0.05)
    with alone.taking(), alone.taking(), pytest.raises(Unavailable), alone.taking():
        raise AssertionError

    shared = GroupedRedis(adapter_valkey)
    slots = RedisSlots(shared, "tts", 4, patience=0.05)
    for each in (RedisSlots(shared, "tts", 4), slots):
        with each.taking():
            pass
    slots._redis = away
    with slots.taking(), slots.taking(), pytest.raises(Unavailable), slots.taking():
        raise AssertionError
