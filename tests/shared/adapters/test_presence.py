from typing import Any

import pytest
import redis

from shared.adapters.memory.connections import MemoryConnections
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_presence import RedisChannels, RedisPresence
from shared.domains.connections import service
from shared.domains.connections.contract import SweepConnections
from shared.domains.connections.models import ConnectionKind, ConnectionRecord, GatewayRecord
from shared.domains.messages.ports import Presence
from tests.shared.adapters.concurrency import together


@pytest.fixture
def presence(adapter_grouped: GroupedRedis) -> Presence:
    return RedisPresence(adapter_grouped)


@pytest.fixture
def channels(adapter_grouped: GroupedRedis) -> RedisChannels:
    return RedisChannels(adapter_grouped)


def test_a_user_is_present_from_the_first_connection_to_the_last(presence: Presence) -> None:
    assert presence.present("r1") == []
    assert presence.enter("r1", "u2", "c1") == ["u2"]
    assert presence.enter("r1", "u1", "c2") == ["u1", "u2"]
    assert presence.enter("r1", "u1", "c3") is None
    assert presence.leave("r1", "u1", "c2") is None
    assert presence.present("r1") == ["u1", "u2"]
    assert presence.leave("r1", "u1", "c3") == ["u2"]
    assert presence.leave("r1", "u2", "c1") == []
    assert presence.present("r1") == []


def test_noting_again_changes_nothing(presence: Presence) -> None:
    presence.enter("r1", "u1", "c1")

    assert presence.enter("r1", "u1", "c1") is None
    assert presence.leave("r1", "u1", "unknown") is None
    assert presence.leave("r2", "u1", "c1") is None
    assert presence.leave("r1", "u1", "c1") == []
    assert presence.leave("r1", "u1", "c1") is None


def test_presence_is_kept_for_a_day(presence: Presence, adapter_redis: redis.Redis) -> None:
    presence.enter("r1", "u1", "c1")

    ttl: Any = adapter_redis.ttl("room:{r1}:presence")
    assert 86_000 < ttl <= 86_400


def test_of_many_changes_at_once_each_is_told_once(adapter_valkey: redis.Redis) -> None:
    presence = RedisPresence(GroupedRedis(adapter_valkey))

    entered = together(30, lambda number: presence.enter("r1", f"u{number % 10}", f"c{number}"))
    assert sorted(len(users) for users in entered if users is not None) == list(range(1, 11))

    left = together(30, lambda number: presence.leave("r1", f"u{number % 10}", f"c{number}"))
    assert sorted(len(users) for users in left if users is not None) == list(range(10))


def test_the_earliest_channels_beyond_what_is_allowed_are_named(channels: RedisChannels) -> None:
    assert [channels.open("u1", f"c{number}", float(number), allowed=3) for number in (2, 1, 3)] == [[], [], []]

    assert channels.open("u1", "c4", 4.0, allowed=3) == ["c1"]
    assert channels.open("u2", "c5", 5.0, allowed=3) == []
    assert channels.open("u1", "c6", 6.0, allowed=1) == ["c2", "c3", "c4"]


def test_channels_are_kept_for_a_day(channels: RedisChannels, adapter_redis: redis.Redis) -> None:
    channels.open("u1", "c1", 1.0, allowed=3)

    ttl: Any = adapter_redis.ttl("user:{u1}:channels")
    assert 86_000 < ttl <= 86_400


def test_a_channel_opened_again_or_closed_takes_no_place(channels: RedisChannels) -> None:
    for number in range(3):
        channels.open("u1", f"c{number}", float(number), allowed=3)
    assert channels.open("u1", "c1", 1.0, allowed=3) == []

    for _ in range(2):
        channels.close("u1", "c0")
    assert channels.open("u1", "c9", 9.0, allowed=3) == []


def test_of_many_channels_opened_at_once_so_many_stay(adapter_valkey: redis.Redis) -> None:
    channels = RedisChannels(GroupedRedis(adapter_valkey))

    surplus = together(20, lambda number: channels.open("u1", f"c{number:02d}", float(number), allowed=5))

    assert {one for some in surplus for one in some} == {f"c{number:02d}" for number in range(15)}
    assert adapter_valkey.zcard("user:{u1}:channels") == 5


def test_a_gateway_is_known_until_redis_forgets(channels: RedisChannels, adapter_redis: redis.Redis) -> None:
    assert not channels.is_known("g1")
    channels.know("g1")
    assert channels.is_known("g1")

    adapter_redis.flushall()
    assert not channels.is_known("g1")


def test_sweeping_a_dead_gateway_takes_its_presence_and_channels(
    presence: RedisPresence, channels: RedisChannels, adapter_redis: redis.Redis
) -> None:
    clock = SetClock()
    connections = MemoryConnections(clock)
    at = "2026-01-02T03:00:00.000000Z"
    given = {"user_id": "u1", "session_id": "s1", "gateway_id": "dead", "connected_at": at, "last_activity": at}
    kept = {"ttl": 4_000_000_000}
    room = ConnectionRecord.model_validate(
        {"connection_id": "c1", "kind": ConnectionKind.ROOM, "room_id": "r1"} | given | kept
    )
    channel = ConnectionRecord.model_validate({"connection_id": "c2", "kind": ConnectionKind.USER} | given | kept)
    connections.record([room, channel])
    connections.alive(GatewayRecord(gateway_id="dead", heard_at=at, room_connections=1, user_connections=1))
    presence.enter("r1", "u1", "c1")
    channels.open("u1", "c2", 1.0, allowed=5)
    channels.open("u1", "alive elsewhere", 2.0, allowed=5)

    removed = service.sweep_connections(
        SweepConnections(),
        connections=connections,
        presence=presence,
        channels=channels,
        events=MemoryEvents(),
        clock=clock,
    )

    assert removed == 2
    assert presence.present("r1") == []
    assert adapter_redis.zrange("user:{u1}:channels", 0, -1) == [b"alive elsewhere"]
