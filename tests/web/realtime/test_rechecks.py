"""Orders to close may be lost with the bus: what they rest on is in the table, and is looked at again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.adapters.memory.accounts import MemoryRevocations
from shared.adapters.memory.identities import MemoryIdentities
from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.rooms import MemoryRooms
from shared.domains.accounts.errors import SignInEnded
from shared.domains.connections.models import ConnectionKind
from shared.domains.rooms.models import Member, Room, RoomStatus
from shared.kernel.errors import Unavailable
from web.realtime.rechecks import Rechecks
from web.realtime.session import Holder

LATER = 4_000_000_000


@dataclass
class Connection:
    closed: list[int] = field(default_factory=list)

    def close(self, code: int, reason: str = "") -> None:
        self.closed.append(code)


@dataclass
class Sitting:
    """A session, as far as it is looked at."""

    holder: Holder
    connection: Connection = field(default_factory=Connection)

    @property
    def user_id(self) -> str:
        return self.holder.user_id

    @property
    def room_id(self) -> str:
        return self.holder.room_id or ""


class Stream:
    def __init__(self, session_id: str) -> None:
        self.session_id, self.closed = session_id, list[int]()

    def close(self, code: int) -> None:
        self.closed.append(code)


class World:
    """A process with its sessions and streams, over ports in memory."""

    def __init__(self) -> None:
        self.revocations, self.rooms, self.clock = MemoryRevocations(), MemoryRooms(), SetClock()
        self.identities = MemoryIdentities()
        self.ports = self
        self.sessions: list[Any] = []
        self.streams: list[Stream] = []
        self.listeners = self
        self.when_reconnected: list[Callable[[], None]] = []
        self.ended_tokens: set[str] = set()
        for room_id in ("r1", "r2"):
            room = Room(
                room_id=room_id,
                name="r",
                level="beginner",
                max_members=6,
                created_by="ann",
                member_ids=frozenset({"ann"}),
                created_at="2026-01-02T03:04:05.000000Z",
                last_message_at="2026-01-02T03:04:05.000000Z",
                status=RoomStatus.ACTIVE,
            )
            self.rooms.add(room, Member(room_id=room_id, user_id="ann", name="Ann", joined_at=room.created_at))

    def everybody(self) -> list[Stream]:
        return self.streams

    def authenticate(self, token: str) -> None:
        if token in self.ended_tokens:
            raise SignInEnded

    def open(self, session_id: str, room_id: str | None = None, user_id: str = "ann", token: str = "t") -> Connection:
        kind = ConnectionKind.ROOM if room_id else ConnectionKind.USER
        sitting = Sitting(Holder(user_id, session_id, "ko", kind, room_id, access_token=token, token_until=LATER))
        self.sessions.append(sitting)
        return sitting.connection

    def look(self) -> None:
        process: Any = self
        Rechecks(process, self.authenticate).look()


@pytest.fixture
def world() -> World:
    return World()


def test_who_may_be_there_stays(world: World) -> None:
    kept = [world.open("s1"), world.open("s1", "r1")]
    world.look()
    assert [one.closed for one in kept] == [[], []]


def test_a_sign_in_that_has_ended_is_closed_with_all_its_connections_and_streams(world: World) -> None:
    ended, other = [world.open("s1"), world.open("s1", "r1")], world.open("s2")
    world.streams = [Stream("s1"), Stream("s2")]
    world.revocations.revoke("s1", until=LATER)
    world.look()
    assert [one.closed for one in ended] == [[4401], [4401]]
    assert other.closed == []
    assert [one.closed for one in world.streams] == [[4401], []]


def test_a_sign_in_that_the_pool_has_ended_is_closed(world: World) -> None:
    connection = world.open("s1", token="ended")
    world.ended_tokens.add("ended")
    world.look()
    assert connection.closed == [4401]


def test_who_has_left_and_whose_room_is_gone_is_closed(world: World) -> None:
    left, gone, inside = world.open("s1", "r1", "ben"), world.open("s2", "r2"), world.open("s3", "r1")
    world.rooms.delete("r2")
    world.look()
    assert (left.closed, gone.closed, inside.closed) == ([4403], [4404], [])


def test_what_cannot_be_asked_closes_nobody_and_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, other = world.open("s1", "r1"), world.open("s2", "r2", "ben")
    away = world.rooms.get

    def get(room_id: str) -> Room:
        if room_id == "r1":
            raise Unavailable("away")
        return away(room_id)

    monkeypatch.setattr(world.rooms, "get", get)
    world.look()
    assert (asked.closed, other.closed) == ([], [4403])


def test_a_bus_that_is_back_is_reason_to_look(world: World) -> None:
    process: Any = world
    rechecks = Rechecks(process, world.authenticate)
    [wake] = world.when_reconnected
    assert not rechecks._woken.is_set()
    wake()
    assert rechecks._woken.is_set()
