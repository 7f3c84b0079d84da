from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.memory.connections import MemoryConnections
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.domains.connections import service
from shared.domains.connections.contract import (
    ClosedConnection,
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    SweepConnections,
    SweepSilentConnections,
)
from shared.domains.connections.models import ConnectionKind, ConnectionRecord, GatewayRecord
from shared.domains.messages.contract import PresenceChanged
from shared.kernel.errors import Unavailable
from shared.kernel.times import timestamp
from shared.kernel.topics import room_topic

STALE_SECONDS = 3600


@dataclass
class Cleaned:
    gone: list[tuple[str, ...]] = field(default_factory=list)
    is_away: bool = False

    def leave(self, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        self._note(room_id, user_id, connection_id)
        return ["u9"]

    def close(self, user_id: str, connection_id: str) -> None:
        self._note(user_id, connection_id)

    def _note(self, *what: str) -> None:
        if self.is_away:
            raise Unavailable("away")
        self.gone.append(what)


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.connections = MemoryConnections(self.clock)
        self.presence = Cleaned()
        self.channels = Cleaned()
        self.events = MemoryEvents()

    def ago(self, seconds: float) -> str:
        return timestamp(self.clock.at - timedelta(seconds=seconds))

    def opened(self, connection_id: str, gateway_id: str = "g1", *, silent: float = 0, **fields: Any) -> None:
        given = {
            "connection_id": connection_id,
            "kind": ConnectionKind.ROOM if "room_id" in fields else ConnectionKind.USER,
            "user_id": "u1",
            "session_id": "s1",
            "gateway_id": gateway_id,
            "connected_at": self.ago(silent),
            "last_activity": self.ago(silent),
            "ttl": 4_000_000_000,
        }
        record = ConnectionRecord.model_validate(given | fields)
        service.record_connections(RecordConnections(connections=[record]), connections=self.connections)

    def closed(self, connection_id: str) -> None:
        gone = ClosedConnection(connection_id=connection_id, gateway_id="g1")
        service.remove_connections(RemoveConnections(connections=[gone]), connections=self.connections)

    def alive(self, gateway_id: str = "g1", *, silent: float = 0) -> None:
        gateway = GatewayRecord(
            gateway_id=gateway_id, heard_at=self.ago(silent), room_connections=1, user_connections=1
        )
        service.gateway_alive(GatewayAlive(gateway=gateway), connections=self.connections)

    def sweep(self) -> int:
        return service.sweep_connections(
            SweepConnections(),
            connections=self.connections,
            presence=self.presence,
            channels=self.channels,
            events=self.events,
            clock=self.clock,
        )

    def sweep_silent(self) -> int:
        return service.sweep_silent_connections(
            SweepSilentConnections(),
            connections=self.connections,
            presence=self.presence,
            channels=self.channels,
            events=self.events,
            clock=self.clock,
            stale_after_seconds=STALE_SECONDS,
        )

    def open(self) -> list[str]:
        return sorted(self.connections.open)


@pytest.fixture
def world() -> World:
    return World()


def test_connections_are_noted_and_removed(world: World) -> None:
    world.opened("c1")
    world.opened("c2")
    world.closed("c1")

    assert world.open() == ["c2"]


def test_a_removal_that_overtakes_its_record_wins(world: World) -> None:
    world.closed("c1")
    world.opened("c1")

    assert world.open() == []


def test_what_a_dead_gateway_held_is_swept_from_everywhere(world: World) -> None:
    world.alive("g1", silent=service.GATEWAY_SILENCE_SECONDS + 1)
    world.alive("g2", silent=service.GATEWAY_SILENCE_SECONDS - 1)
    world.opened("c1", "g1", room_id="r1")
    world.opened("c2", "g1", user_id="u2")
    world.opened("c3", "g2", room_id="r1")

    assert world.sweep() == 2

    assert world.open() == ["c3"]
    assert world.presence.gone == [("r1", "u1", "c1")]
    assert world.channels.gone == [("u2", "c2")]
    assert world.events.published == [(room_topic("r1"), PresenceChanged(members=["u9"]), None)]
    assert [gateway.gateway_id for gateway in world.connections.gateways()] == ["g2"]
    assert world.sweep() == 0


def test_a_gateway_only_thought_dead_notes_its_connections_again(world: World) -> None:
    world.alive("g1", silent=service.GATEWAY_SILENCE_SECONDS + 1)
    world.opened("c1")
    world.sweep()

    world.alive("g1")
    world.opened("c1")

    assert world.sweep() == 0
    assert world.open() == ["c1"]


def test_a_silent_connection_is_swept_and_its_gateway_stays(world: World) -> None:
    world.alive("g1")
    world.opened("c1", silent=STALE_SECONDS + 1)
    world.opened("c2", silent=STALE_SECONDS - 1)

    assert world.sweep() == 0
    assert world.sweep_silent() == 1

    assert world.open() == ["c2"]
    assert world.channels.gone == [("u1", "c1")]
    assert len(world.connections.gateways()) == 1


def test_a_sweep_that_failed_half_way_is_finished_by_the_next(world: World) -> None:
    world.alive("g1", silent=service.GATEWAY_SILENCE_SECONDS + 1)
    world.opened("c1")
    world.opened("c2", room_id="r1")
    world.channels.is_away = True
    with pytest.raises(Unavailable):
        world.sweep()
    assert world.open() == ["c1", "c2"]

    world.channels.is_away = False
    assert world.sweep() == 2
    assert world.open() == []
    assert world.connections.gateways() == []


def test_an_older_life_sign_changes_nothing(world: World) -> None:
    world.alive("g1", silent=1)
    latest = world.connections.gateways()
    world.alive("g1", silent=60)

    assert world.connections.gateways() == latest
