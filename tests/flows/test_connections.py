"""The record of who is connected: written, removed, and swept where nobody could remove it."""

import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.flows.people import Person
from tests.flows.platform import Platform, wait_for

RECORDED = {
    "PK",
    "SK",
    "GSI2PK",
    "GSI2SK",
    "connectionId",
    "kind",
    "userId",
    "sessionId",
    "gatewayId",
    "connectedAt",
    "lastActivity",
    "status",
    "ttl",
}


def record(platform: Platform, connection_id: str) -> dict[str, Any] | None:
    return platform.item(f"CONN#{connection_id}", "METADATA")


def test_a_connection_is_recorded_and_its_record_goes_with_it(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as in_room, ann.channel() as own:
        ids = {in_room.connection_id: room, own.connection_id: None}
        for connection_id, place in ids.items():
            item = wait_for(lambda one=connection_id: record(platform, one), "it is recorded")  # type: ignore[misc]
            assert set(item) == RECORDED | ({"roomId", "GSI1PK", "GSI1SK"} if place else set())
            assert (item["userId"], item.get("roomId")) == (ann.user_id, place)
            assert item["status"] == "OPEN"
            assert (item["GSI2PK"], item["GSI2SK"]) == (f"USER#{ann.user_id}", f"CONN#{connection_id}")
            lives = item["ttl"] - datetime.now(UTC).timestamp()
            assert 0 < (3_600 if place else 86_400) - lives < 60
            row = platform.item(f"GATEWAY#{item['gatewayId']}", f"CONN#{connection_id}")
            assert row is not None
            assert row["connectionId"] == connection_id
        found = platform.items(f"ROOM#{room}", "CONN#", index="GSI1")
        assert [one["connectionId"] for one in found] == [in_room.connection_id]
        gateway = platform.item(f"GATEWAY#{item['gatewayId']}", "METADATA")
        assert gateway is not None
        assert (gateway["GSI1PK"], gateway["GSI1SK"]) == ("GATEWAYS", gateway["heardAt"])
    for connection_id in ids:
        wait_for(lambda one=connection_id: record(platform, one) is None, "the record is gone")  # type: ignore[misc]
        tombstone = platform.item(f"CONN#{connection_id}", "CLOSED")
        assert tombstone is not None
        assert tombstone["ttl"] > datetime.now(UTC).timestamp()
    assert platform.items(f"ROOM#{room}", "CONN#", index="GSI1") == []


def test_a_connection_that_closes_at_once_leaves_no_record(ann: Person, room: str, platform: Platform) -> None:
    ids = []
    for _ in range(10):
        with ann.enter(room) as channel:
            ids.append(channel.connection_id)
    for one in ids:
        wait_for(lambda one=one: platform.item(f"CONN#{one}", "CLOSED"), "it is noted as closed")  # type: ignore[misc]
    wait_for(lambda: not any(record(platform, one) for one in ids), "no record is left")


def test_the_connections_of_a_killed_gateway_are_swept(ann: Person, ben: Person, room: str, platform: Platform) -> None:
    before = platform.gateways()
    with ann.enter(room) as first, ben.enter(room) as second, ann.channel() as own:
        ids = [channel.connection_id for channel in (first, second, own)]
        records = [wait_for(lambda one=one: record(platform, one), "it is recorded") for one in ids]  # type: ignore[misc]
        for gateway in before:
            os.kill(gateway, signal.SIGKILL)
    wait_for(lambda: platform.is_answering() and len(platform.gateways() - before) == 2, "others serve")
    assert all(record(platform, one) for one in ids)

    long_ago = (datetime.now(UTC) - timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    dead = {one["gatewayId"] for one in records}
    for gateway_id in dead:
        platform.change(f"GATEWAY#{gateway_id}", "METADATA", heardAt=long_ago, GSI1SK=long_ago)
    platform.hasten("connections.sweep_connections")
    wait_for(lambda: not any(record(platform, one) for one in ids), "their records are swept")
    wait_for(lambda: not any(platform.items(f"GATEWAY#{one}") for one in dead), "the gateways are forgotten")
    with ann.enter(room) as back:
        assert back.ask("presence")["members"] == [ann.user_id]
    channels = platform.redis.zrange(f"user:{{{ann.user_id}}}:channels", 0, -1)
    assert own.connection_id.encode() not in channels
