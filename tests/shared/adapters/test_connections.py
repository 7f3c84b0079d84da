from typing import Any

import pytest

from shared.adapters.dynamodb.connections import DynamoConnections
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.connections import MemoryConnections
from shared.adapters.memory.kernel import SetClock
from shared.domains.connections.contract import ClosedConnection
from shared.domains.connections.models import ConnectionKind, ConnectionRecord, GatewayRecord
from shared.domains.connections.ports import ConnectionStore
from tests.shared.adapters.concurrency import together

NEVER, LONG_AGO = 4_000_000_000, 1_000


def a_connection(connection_id: str = "c1", **fields: Any) -> ConnectionRecord:
    given = {
        "connection_id": connection_id,
        "kind": ConnectionKind.ROOM,
        "user_id": "u1",
        "room_id": "r1",
        "session_id": "s1",
        "gateway_id": "g1",
        "connected_at": "2026-01-02T03:04:05.000000Z",
        "last_activity": "2026-01-02T03:04:05.000000Z",
        "ttl": NEVER,
    }
    return ConnectionRecord.model_validate(given | fields)


def a_channel(connection_id: str = "c1", **fields: Any) -> ConnectionRecord:
    return a_connection(connection_id, **({"kind": ConnectionKind.USER, "room_id": None} | fields))


def closed(connection_id: str = "c1", gateway_id: str = "g1") -> ClosedConnection:
    return ClosedConnection(connection_id=connection_id, gateway_id=gateway_id)


def a_gateway(gateway_id: str = "g1", second: int = 0, **fields: int) -> GatewayRecord:
    held = {"room_connections": 1, "user_connections": 2} | fields
    return GatewayRecord(gateway_id=gateway_id, heard_at=f"2026-01-02T03:04:{second:02d}.000000Z", **held)


@pytest.fixture(params=["memory", "dynamodb"])
def connections(request: pytest.FixtureRequest) -> ConnectionStore:
    if request.param == "memory":
        return MemoryConnections(SetClock())
    return DynamoConnections(request.getfixturevalue("adapter_table"))


def held(connections: ConnectionStore, gateway_id: str = "g1") -> list[str]:
    return sorted(one.connection_id for one in connections.of_gateway(gateway_id))


def test_connections_are_found_by_gateway_and_by_user(connections: ConnectionStore) -> None:
    room, channel = a_connection("c1"), a_channel("c2", gateway_id="g2")
    connections.record([room, channel, a_connection("c3", user_id="u2")])

    assert held(connections) == ["c1", "c3"]
    assert connections.of_gateway("g2") == [channel]
    assert {one.connection_id for one in connections.of_user("u1")} == {"c1", "c2"}
    assert connections.of_user("nobody") == []


def test_a_users_connections_come_latest_first_without_expired_ones(connections: ConnectionStore) -> None:
    at = [f"2026-01-02T03:04:0{second}.000000Z" for second in range(4)]
    connections.record(
        [
            a_channel("c1", connected_at=at[1]),
            a_channel("c2", connected_at=at[3]),
            a_channel("c3", connected_at=at[2], ttl=LONG_AGO),
            a_channel("c4", connected_at=at[0]),
        ]
    )

    assert [one.connection_id for one in connections.of_user("u1")] == ["c2", "c1", "c4"]


def test_recording_again_renews(connections: ConnectionStore) -> None:
    renewed = a_connection(last_activity="2026-01-02T04:00:00.000000Z")
    connections.record([a_connection()])
    connections.record([a_connection(), renewed])
    connections.record([])

    assert connections.of_gateway("g1") == [renewed]
    assert connections.of_user("u1") == [renewed]


def test_a_removed_connection_is_gone_and_stays_gone(connections: ConnectionStore) -> None:
    connections.record([a_connection("c1"), a_connection("c2")])

    for _ in range(2):
        connections.remove([closed("c1"), closed("c1")])
    connections.record([a_connection("c1"), a_connection("c3")])
    connections.remove([])

    assert held(connections) == ["c2", "c3"]
    assert {one.connection_id for one in connections.of_user("u1")} == {"c2", "c3"}


def test_a_removal_that_overtakes_its_record_wins(connections: ConnectionStore) -> None:
    connections.remove([closed()])
    connections.record([a_connection()])

    assert held(connections) == []
    assert connections.of_user("u1") == []


def test_a_discarded_connection_may_come_again(connections: ConnectionStore) -> None:
    connections.record([a_connection()])
    connections.discard([closed(), closed()])
    assert held(connections) == []

    connections.record([a_connection()])
    assert held(connections) == ["c1"]


def test_many_are_recorded_and_removed_in_one_job(connections: ConnectionStore) -> None:
    many = [a_connection(f"c{number:03d}") for number in range(120)]
    connections.record(many)
    assert len(held(connections)) == 120

    connections.remove([closed(one.connection_id) for one in many[:60]])
    assert held(connections) == [one.connection_id for one in many[60:]]


def test_gateways_are_told_longest_silent_first(connections: ConnectionStore) -> None:
    for gateway in (a_gateway("g1", 5), a_gateway("g2", 3), a_gateway("g1", 9), a_gateway("g1", 7, room_connections=9)):
        connections.alive(gateway)

    assert connections.gateways() == [a_gateway("g2", 3), a_gateway("g1", 9)]
    connections.forget_gateway("g2")
    connections.forget_gateway("g2")
    assert connections.gateways() == [a_gateway("g1", 9)]


def test_a_gateway_is_not_one_of_its_connections(connections: ConnectionStore) -> None:
    connections.alive(a_gateway())
    connections.record([a_connection()])

    assert held(connections) == ["c1"]
    connections.forget_gateway("g1")
    assert held(connections) == ["c1"]


def test_however_record_and_removal_race_the_removal_wins(adapter_table: Table) -> None:
    connections = DynamoConnections(adapter_table)

    def act(number: int) -> None:
        name = f"c{number // 4}"
        if number % 4 == 3:
            connections.remove([closed(name)])
        else:
            connections.record([a_connection(name)])

    assert together(40, act) == [None] * 40
    assert connections.of_gateway("g1") == []
    assert connections.of_user("u1") == []
