import json

import pytest

from shared.adapters.dynamodb.rooms import DynamoRooms
from shared.adapters.memory.rooms import MemoryRooms
from shared.domains.rooms.errors import NotAMember, RoomFull, RoomNotFound
from shared.domains.rooms.models import RoomStatus
from shared.domains.rooms.ports import RoomStore
from tests.shared.adapters.furnishing import a_member, a_room, added


@pytest.fixture(params=["memory", "dynamodb"])
def rooms(request: pytest.FixtureRequest) -> RoomStore:
    if request.param == "memory":
        return MemoryRooms()
    return DynamoRooms(request.getfixturevalue("adapter_table"))


def test_a_room_is_kept_as_it_was_made(rooms: RoomStore) -> None:
    plain = added(rooms)
    locked = added(
        rooms, 2, name="비밀 방", description="쉿", is_private=True, password_hash="$2b$12$x", level="advanced"
    )

    assert rooms.get("r1") == plain
    assert rooms.get("r2") == locked
    assert rooms.members("r1") == [a_member("owner", "r1", 1)]
    with pytest.raises(RoomNotFound):
        rooms.get("r3")
    assert rooms.members("r3") == []


def test_making_a_room_again_changes_nothing(rooms: RoomStore) -> None:
    room = added(rooms)
    rooms.admit("r1", a_member("guest"))

    rooms.add(a_room(name="Another"), a_member("owner"))

    assert rooms.get("r1") == room.model_copy(update={"member_ids": frozenset({"owner", "guest"})})


def listed(rooms: RoomStore, level: str | None, limit: int) -> list[list[str]]:
    pages, position = [], None
    while True:
        page = rooms.newest(level, limit=limit, position=position)
        pages.append([room.room_id for room in page.items])
        if page.position is None:
            return pages
        position = json.loads(json.dumps(page.position))


def test_rooms_are_listed_newest_first_over_all_levels(rooms: RoomStore) -> None:
    levels = ["beginner", "advanced", "intermediate", "beginner", "beginner", "advanced", "beginner"]
    for number, level in enumerate(levels):
        added(rooms, number, level=level)

    assert listed(rooms, None, 3) == [["r6", "r5", "r4"], ["r3", "r2", "r1"], ["r0"]]
    assert listed(rooms, None, 7) == [["r6", "r5", "r4", "r3", "r2", "r1", "r0"]]
    assert listed(rooms, "beginner", 2) == [["r6", "r4"], ["r3", "r0"]]
    assert listed(rooms, "intermediate", 2) == [["r2"]]


def test_a_room_stands_in_lists_where_its_place_is(rooms: RoomStore) -> None:
    for number in range(3):
        added(rooms, number)
    added(rooms, 3, listed_at=a_room(1).created_at)

    assert listed(rooms, None, 2) == [["r2", "r3"], ["r1", "r0"]]


def test_rooms_of_one_instant_are_each_listed_once(rooms: RoomStore) -> None:
    at = "2026-01-02T03:04:05.000000Z"
    for number in range(5):
        added(rooms, number, created_at=at, level="advanced" if number % 2 else "beginner")

    assert [room for page in listed(rooms, None, 2) for room in page] == ["r4", "r3", "r2", "r1", "r0"]


def test_a_deleted_room_is_in_no_list(rooms: RoomStore) -> None:
    for number in range(3):
        added(rooms, number)
    for _ in range(2):
        rooms.delete("r1")
    rooms.delete("never made")

    assert listed(rooms, None, 5) == [["r2", "r0"]]
    assert [room.room_id for room in rooms.joined_by("owner", limit=5, position=None).items] == ["r2", "r0"]
    for refused in (
        rooms.get,
        lambda room: rooms.admit(room, a_member("x")),
        lambda room: rooms.dismiss(room, "owner"),
    ):
        with pytest.raises(RoomNotFound):
            refused("r1")


def test_joined_rooms_are_listed_latest_joined_first(rooms: RoomStore) -> None:
    for number in range(5):
        added(rooms, number)
    for joined, number in enumerate((3, 0, 4, 1)):
        rooms.admit(f"r{number}", a_member("guest", f"r{number}", joined))
    rooms.dismiss("r0", "guest")

    first = rooms.joined_by("guest", limit=2, position=None)
    second = rooms.joined_by("guest", limit=2, position=json.loads(json.dumps(first.position)))

    assert [room.room_id for room in (*first.items, *second.items)] == ["r1", "r4", "r3"]
    assert second.position is None
    assert rooms.joined_by("stranger", limit=2, position=None).items == []


def test_a_room_takes_so_many_and_its_members_again(rooms: RoomStore) -> None:
    added(rooms)
    rooms.admit("r1", a_member("a"))
    full = rooms.admit("r1", a_member("b"))

    assert full.member_ids == {"owner", "a", "b"}
    with pytest.raises(RoomFull):
        rooms.admit("r1", a_member("c"))
    assert rooms.admit("r1", a_member("a", joined=9)) == full
    assert sorted(member.user_id for member in rooms.members("r1")) == ["a", "b", "owner"]
    with pytest.raises(RoomNotFound):
        rooms.admit("r9", a_member("a", "r9"))


def test_who_leaves_is_out_and_makes_place(rooms: RoomStore) -> None:
    added(rooms, max_members=2)
    rooms.admit("r1", a_member("a"))

    left = rooms.dismiss("r1", "a")

    assert (set(left.member_ids), left.status) == ({"owner"}, RoomStatus.CREATED)
    assert [member.user_id for member in rooms.members("r1")] == ["owner"]
    with pytest.raises(NotAMember):
        rooms.dismiss("r1", "a")
    assert rooms.admit("r1", a_member("b")).current_members == 2


def test_the_last_one_out_ends_the_room(rooms: RoomStore) -> None:
    added(rooms)

    ended = rooms.dismiss("r1", "owner")

    assert (ended.current_members, ended.status) == (0, RoomStatus.DELETED)
    with pytest.raises(RoomNotFound):
        rooms.get("r1")
    with pytest.raises(RoomNotFound):
        rooms.dismiss("r1", "owner")


def test_what_is_left_of_memberships_is_cleared(rooms: RoomStore) -> None:
    added(rooms, max_members=40)
    for number in range(30):
        rooms.admit("r1", a_member(f"u{number}"))
    added(rooms, 2)
    rooms.delete("r1")

    for _ in range(2):
        rooms.clear_memberships("r1")

    assert rooms.members("r1") == []
    assert len(rooms.members("r2")) == 1


def test_the_last_message_moves_forward_only(rooms: RoomStore) -> None:
    added(rooms)
    later, latest = "2026-01-02T05:00:00.000000Z", "2026-01-02T06:00:00.000000Z"

    rooms.spoken("r1", latest)
    rooms.spoken("r1", later)
    rooms.spoken("never made", later)

    room = rooms.get("r1")
    assert (room.last_message_at, room.status) == (latest, RoomStatus.ACTIVE)
    rooms.delete("r1")
    rooms.spoken("r1", "2026-01-02T07:00:00.000000Z")
    with pytest.raises(RoomNotFound):
        rooms.get("r1")


def test_some_members_of_many_rooms_are_found_in_one_call(rooms: RoomStore) -> None:
    crowded, lonely = added(rooms, max_members=6), added(rooms, 2)
    for number in range(4):
        crowded = rooms.admit(crowded.room_id, a_member(f"guest{number}", crowded.room_id))

    found = rooms.some_members([crowded, lonely], 3)

    assert len(found["r1"]) == 3
    assert {one.user_id for one in found["r1"]} <= crowded.member_ids
    assert [one.user_id for one in found["r2"]] == ["owner"]
    assert rooms.some_members([], 3) == {}
