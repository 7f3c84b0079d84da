import json
from typing import Any

import pytest

from shared.adapters.dynamodb.rooms import DynamoRooms
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.rooms import MemoryRooms
from shared.domains.rooms.errors import NotAMember, RoomFull, RoomNotFound
from shared.domains.rooms.models import Member, Room, RoomStatus
from shared.domains.rooms.ports import RoomStore
from tests.shared.adapters.concurrency import together


def a_room(number: int = 1, **fields: Any) -> Room:
    created = f"2026-01-02T03:04:{number:02d}.000000Z"
    given = {
        "room_id": f"r{number}",
        "name": "Cafe",
        "level": "beginner",
        "max_members": 3,
        "created_by": "owner",
        "member_ids": frozenset({"owner"}),
        "created_at": created,
        "last_message_at": created,
    }
    return Room.model_validate(given | fields)


def a_member(user_id: str, room_id: str = "r1", joined: int = 0) -> Member:
    joined_at = f"2026-01-02T04:00:{joined:02d}.000000Z"
    return Member(room_id=room_id, user_id=user_id, name=f"이름 {user_id}", joined_at=joined_at)


@pytest.fixture(params=["memory", "dynamodb"])
def rooms(request: pytest.FixtureRequest) -> RoomStore:
    if request.param == "memory":
        return MemoryRooms()
    return DynamoRooms(request.getfixturevalue("adapter_table"))


def added(rooms: RoomStore, number: int = 1, **fields: Any) -> Room:
    room = a_room(number, **fields)
    rooms.add(room, a_member("owner", room.room_id, number))
    return room


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

    assert (left.member_ids, left.status) == ({"owner"}, RoomStatus.CREATED)
    assert [member.user_id for member in rooms.members("r1")] == ["owner"]
    with pytest.raises(NotAMember):
        rooms.dismiss("r1", "a")
    assert rooms.admit("r1", a_member("b")).current_members == 2


def test_the_last_one_out_ends_the_room(rooms: RoomStore) -> None:
    added(rooms)

    ended = rooms.dismiss("r1", "owner")

    assert (ended.current_members, ended.status) == (0, RoomStatus.DELETED)
    for refused in (lambda: rooms.get("r1"), lambda: rooms.dismiss("r1", "owner")):
        with pytest.raises(RoomNotFound):
            refused()


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


@pytest.fixture
def dynamo(adapter_table: Table) -> DynamoRooms:
    return DynamoRooms(adapter_table)


def stored(table: Table, room_id: str = "r1") -> dict[str, Any]:
    item = table.get(f"ROOM#{room_id}", "METADATA")
    assert item is not None
    return item


def test_a_missing_membership_is_healed_by_joining_again(dynamo: DynamoRooms, adapter_table: Table) -> None:
    added(dynamo)
    dynamo.clear_memberships("r1")

    dynamo.admit("r1", a_member("owner"))

    assert [member.user_id for member in dynamo.members("r1")] == ["owner"]
    assert stored(adapter_table)["currentMembers"] == 1


def test_a_room_with_an_attribute_of_a_later_version_is_still_read(dynamo: DynamoRooms, adapter_table: Table) -> None:
    room = added(dynamo)
    adapter_table._client.update_item(
        TableName=adapter_table.name,
        Key={"PK": {"S": "ROOM#r1"}, "SK": {"S": "METADATA"}},
        UpdateExpression="SET later = :one",
        ExpressionAttributeValues={":one": {"S": "x"}},
    )

    assert dynamo.get("r1") == room


def test_of_sixty_who_join_at_once_six_are_in(dynamo: DynamoRooms, adapter_table: Table) -> None:
    added(dynamo, max_members=6)

    outcomes = together(60, lambda number: dynamo.admit("r1", a_member(f"u{number}")))

    assert sum(isinstance(one, Room) for one in outcomes) == 5
    assert sum(isinstance(one, RoomFull) for one in outcomes) == 55
    room, item = dynamo.get("r1"), stored(adapter_table)
    assert room.current_members == item["currentMembers"] == len(item["memberIds"]) == 6
    assert {member.user_id for member in dynamo.members("r1")} == room.member_ids


def test_one_who_joins_many_times_at_once_takes_one_place(dynamo: DynamoRooms, adapter_table: Table) -> None:
    added(dynamo, max_members=2)

    outcomes = together(20, lambda _: dynamo.admit("r1", a_member("guest")))

    assert {one.current_members for one in outcomes} == {2}
    assert stored(adapter_table)["currentMembers"] == 2


@pytest.mark.parametrize("round_number", range(3))
def test_a_race_of_leaving_and_joining_never_leaves_a_wrong_room(
    dynamo: DynamoRooms, adapter_table: Table, round_number: int
) -> None:
    added(dynamo, max_members=4)
    for number in range(3):
        dynamo.admit("r1", a_member(f"u{number}"))

    def come_and_go(number: int) -> list[Any]:
        user = "owner" if number == 0 else f"u{(number - 1) % 5}"
        outcomes: list[Any] = []
        for step in range(6):
            try:
                leaves = (step + number + round_number) % 2 == 0
                outcomes.append(dynamo.dismiss("r1", user) if leaves else dynamo.admit("r1", a_member(user)))
            except (RoomFull, RoomNotFound, NotAMember) as refused:
                outcomes.append(refused)
        return outcomes

    done = [one for some in together(12, come_and_go) for one in some]

    item = stored(adapter_table)
    members = item.get("memberIds", set())
    assert item["currentMembers"] == len(members) <= 4
    assert (item["status"] == RoomStatus.DELETED) == (not members)
    assert sum(isinstance(one, Room) and one.status is RoomStatus.DELETED for one in done) == (not members)
    assert all(one.current_members <= 4 for one in done if isinstance(one, Room))


def test_of_those_who_leave_at_once_exactly_one_ends_the_room(dynamo: DynamoRooms, adapter_table: Table) -> None:
    added(dynamo, max_members=10)
    for number in range(9):
        dynamo.admit("r1", a_member(f"u{number}"))
    users = ["owner", *(f"u{number}" for number in range(9))]

    outcomes = together(20, lambda number: dynamo.dismiss("r1", users[number % 10]))

    left = [one for one in outcomes if isinstance(one, Room)]
    assert sorted(room.current_members for room in left) == list(range(10))
    assert [room.current_members for room in left if room.status is RoomStatus.DELETED] == [0]
    assert all(isinstance(one, Room | NotAMember | RoomNotFound) for one in outcomes)
    item = stored(adapter_table)
    assert item["currentMembers"] == 0
    assert "memberIds" not in item
    assert "GSI1PK" not in item
    assert item["ttl"] > 0
