from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from shared.adapters.memory.kernel import CountedIds, MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.rooms import MemoryRooms, MemoryRoomTokens
from shared.domains.rooms import service
from shared.domains.rooms.contract import (
    ClearMemberships,
    CreateRoom,
    JoinRoom,
    ListRooms,
    RoomClosed,
    RoomDetails,
    RoomJoined,
)
from shared.domains.rooms.errors import (
    NotAMember,
    NotTheOwner,
    RoomFull,
    RoomNotFound,
    TicketRefused,
    WrongPassword,
)
from shared.domains.rooms.models import RoomStatus
from shared.kernel.errors import RateLimited
from shared.kernel.principal import Principal
from shared.kernel.topics import room_topic, session_topic
from tests.builders import a_principal

OWNER, GUEST = a_principal("owner"), a_principal("guest")


class ReversedPasswords:
    def hash(self, password: str) -> str:
        return password[::-1]

    def matches(self, password: str, hashed: str) -> bool:
        return password[::-1] == hashed


@dataclass
class Guesses:
    allowed: int = 3

    def check(self, user_id: str, room_id: str) -> None:
        self.allowed -= 1
        if self.allowed < 0:
            raise RateLimited("Too many guesses.", retry_after=60)


@dataclass
class World:
    rooms: MemoryRooms = field(default_factory=MemoryRooms)
    tokens: MemoryRoomTokens = field(default_factory=MemoryRoomTokens)
    clock: SetClock = field(default_factory=SetClock)
    ids: CountedIds = field(default_factory=CountedIds)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    guesses: Guesses = field(default_factory=Guesses)
    begun: list[str] = field(default_factory=list)
    made: int = 0

    def begin(self, room_id: str) -> None:
        self.begun.append(room_id)

    def count(self, user_id: str) -> int:
        self.made += 1
        return self.made

    def create(self, room_id: str = "r1", principal: Principal = OWNER, **fields: object) -> RoomDetails:
        command = CreateRoom.model_validate({"name": "Cafe", "level": "beginner"} | fields)
        return service.create_room(
            command,
            principal,
            room_id=room_id,
            rooms=self.rooms,
            made=self,
            hasher=ReversedPasswords(),
            epochs=self,
            clock=self.clock,
        )

    def join(self, principal: Principal = GUEST, password: str | None = None) -> RoomJoined:
        return service.join_room(
            "r1",
            JoinRoom(password=password),
            principal,
            rooms=self.rooms,
            tokens=self.tokens,
            hasher=ReversedPasswords(),
            guesses=self.guesses,
            clock=self.clock,
            ids=self.ids,
            token_life_seconds=300,
        )

    def leave(self, principal: Principal) -> service.RoomLeft:
        return service.leave_room("r1", principal, rooms=self.rooms, events=self.events, jobs=self.jobs)

    def redeem(self, token: str) -> service.RoomToken:
        return service.redeem_token(token, rooms=self.rooms, tokens=self.tokens, clock=self.clock)


@pytest.fixture
def world() -> World:
    return World()


def test_the_list_is_not_filled_by_one_person(world: World) -> None:
    world.made = 18
    for number in (19, 20, 21, 22):
        world.create(f"r{number}")
        world.clock.at += timedelta(minutes=1)
    shown = world.rooms.newest("beginner", limit=10, position=None).items

    assert [one.room_id for one in shown] == ["r20", "r19", "r21", "r22"]
    assert [one.listed_at is None for one in shown] == [True, True, False, False]
    by_id = {one.room_id: one for one in shown}
    assert [
        datetime.fromisoformat(by_id[name].created_at) - datetime.fromisoformat(by_id[name].place)
        for name in ("r20", "r21", "r22")
    ] == [timedelta(), timedelta(hours=1), timedelta(hours=2)]


def test_the_creator_of_a_room_is_its_first_member(world: World) -> None:
    room = world.create(maxMembers=4, description="Coffee")

    assert (room.current_members, room.member_ids, room.max_members) == (1, ["owner"], 4)
    assert room.last_message_at == room.created_at
    assert room.status == RoomStatus.CREATED
    assert world.begun == ["r1"]


def test_a_private_room_keeps_a_hash_and_shows_neither(world: World) -> None:
    room = world.create(isPrivate=True, password="열려라")

    assert world.rooms.get("r1").password_hash == "라려열"
    assert "password" not in str(room.wire()).lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"isPrivate": True},
        {"password": "x"},
        {"name": "  "},
        {"name": "n" * 101},
        {"description": "d" * 501},
        {"level": "expert"},
        {"maxMembers": 1},
        {"maxMembers": 101},
        {"colour": "red"},
    ],
)
def test_a_wrong_room_is_refused(world: World, fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        world.create(**fields)


def test_levels_are_accepted_in_any_case_and_in_korean() -> None:
    levels = [CreateRoom.model_validate({"name": "n", "level": one}).level for one in ("Beginner", "중", "ADVANCED")]

    assert levels == ["beginner", "intermediate", "advanced"]


def test_joining_gives_a_new_ticket_each_time_and_one_place(world: World) -> None:
    world.create()

    first, second = world.join(), world.join()

    assert first.room_token != second.room_token
    assert second.room.member_ids == ["guest", "owner"]
    assert second.token_expires_at == pytest.approx(world.clock.at.timestamp() + 300, abs=1)


def test_a_full_room_takes_nobody_but_its_members(world: World) -> None:
    world.create(maxMembers=2)
    world.join()

    with pytest.raises(RoomFull):
        world.join(a_principal("late"))
    assert world.join().room.current_members == 2


def test_a_private_room_wants_its_password_from_who_is_not_in_it(world: World) -> None:
    world.create(isPrivate=True, password="sesame")

    for wrong in (None, "Sesame"):
        with pytest.raises(WrongPassword):
            world.join(password=wrong)
    world.join(password="sesame")
    assert world.join().room.member_ids == ["guest", "owner"]


def test_guessing_a_password_is_bounded(world: World) -> None:
    world.create(isPrivate=True, password="sesame")

    for _ in range(3):
        with pytest.raises(WrongPassword):
            world.join(password="guess")
    with pytest.raises(RateLimited):
        world.join(password="sesame")


def test_only_members_see_who_is_in_a_private_room(world: World) -> None:
    world.create(isPrivate=True, password="sesame")

    seen = service.show_room("r1", GUEST, rooms=world.rooms)

    assert (seen.member_ids, seen.members, seen.current_members) == (None, None, 1)
    assert service.show_room("r1", OWNER, rooms=world.rooms).member_ids == ["owner"]


def test_rooms_are_listed_newest_first_by_level_and_by_membership(world: World) -> None:
    for number, level in enumerate(("beginner", "advanced", "beginner")):
        world.create(f"r{number}", principal=OWNER if number else GUEST, level=level)

    def listed(**fields: object) -> list[str]:
        command = ListRooms.model_validate(fields)
        return [one.room_id for one in service.list_rooms(command, OWNER, position=None, rooms=world.rooms).items]

    assert listed() == ["r2", "r1", "r0"]
    assert listed(level="beginner") == ["r2", "r0"]
    assert listed(joined=True) == ["r2", "r1"]
    assert listed(joined=True, level="advanced") == ["r1"]


def test_a_list_goes_on_where_it_ended(world: World) -> None:
    for number in range(5):
        world.create(f"r{number}")

    first = service.list_rooms(ListRooms(limit=3), OWNER, position=None, rooms=world.rooms)
    second = service.list_rooms(ListRooms(limit=3), OWNER, position=first.position, rooms=world.rooms)

    assert [one.room_id for one in (*first.items, *second.items)] == ["r4", "r3", "r2", "r1", "r0"]
    assert second.position is None


def test_who_leaves_loses_the_sockets_of_that_room(world: World) -> None:
    world.create()
    world.join()

    left = world.leave(GUEST)

    assert left.current_members == 1
    assert world.events.closed == [(session_topic("guest"), 4403, {"room_id": "r1"})]
    with pytest.raises(NotAMember):
        world.leave(GUEST)


def test_the_last_one_out_ends_the_room(world: World) -> None:
    world.create()

    assert world.leave(OWNER).current_members == 0

    with pytest.raises(RoomNotFound):
        world.join()
    assert world.jobs.jobs == [ClearMemberships(room_id="r1")]


def test_only_the_owner_deletes_also_after_leaving(world: World) -> None:
    world.create()
    world.join()
    with pytest.raises(NotTheOwner):
        service.delete_room("r1", GUEST, rooms=world.rooms, events=world.events, jobs=world.jobs)
    world.leave(OWNER)

    service.delete_room("r1", OWNER, rooms=world.rooms, events=world.events, jobs=world.jobs)

    assert (room_topic("r1"), RoomClosed(room_id="r1", reason="deleted"), None) in world.events.published
    assert (room_topic("r1"), 4404, {}) in world.events.closed
    with pytest.raises(RoomNotFound):
        service.delete_room("r1", OWNER, rooms=world.rooms, events=world.events, jobs=world.jobs)


def test_a_ticket_is_good_once_and_for_its_time_and_for_members(world: World) -> None:
    world.create()
    ticket = world.join().room_token
    assert world.redeem(ticket).user_id == "guest"
    with pytest.raises(TicketRefused):
        world.redeem(ticket)

    late = world.join().room_token
    world.clock.at += timedelta(seconds=301)
    with pytest.raises(TicketRefused):
        world.redeem(late)

    gone = world.join().room_token
    world.leave(GUEST)
    with pytest.raises(NotAMember):
        world.redeem(gone)


def test_memberships_of_a_room_that_is_gone_are_cleared(world: World) -> None:
    world.create()
    world.join()

    for _ in range(2):
        service.clear_memberships(ClearMemberships(room_id="r1"), rooms=world.rooms)

    assert world.rooms.members("r1") == []


def test_a_list_shows_some_faces_but_none_of_a_private_room(world: World) -> None:
    world.create("open", description="Talk of the weather")
    world.create("locked", is_private=True, password="sesame")

    locked, opened = service.list_rooms(ListRooms(), GUEST, position=None, rooms=world.rooms).items

    assert (opened.faces, opened.description) == ([OWNER.name], "Talk of the weather")
    assert locked.faces is None


def test_every_room_is_in_the_list_newest_first_whoever_made_it(world: World) -> None:
    made = [f"room{number}" for number in range(7)]
    for room_id in made:
        world.clock.sleep(1)
        world.create(room_id, OWNER)
    found: list[str] = []
    position = None
    while not found or position is not None:
        page = service.list_rooms(ListRooms(limit=3), a_principal("other"), position=position, rooms=world.rooms)
        found += [one.room_id for one in page.items]
        position = page.position

    assert found == made[::-1]


def test_a_password_for_a_room_that_is_not_there_is_hashed_and_counted_all_the_same(world: World) -> None:
    with pytest.raises(RoomNotFound):
        world.join()
    assert world.guesses.allowed == 3
    with pytest.raises(RoomNotFound):
        world.join(password="sesame")
    assert world.guesses.allowed == 2
