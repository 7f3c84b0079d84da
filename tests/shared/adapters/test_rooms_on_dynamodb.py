from typing import Any

import pytest

from shared.adapters.dynamodb.rooms import DynamoRooms
from shared.adapters.dynamodb.table import Table
from shared.domains.rooms.errors import NotAMember, RoomFull, RoomNotFound
from shared.domains.rooms.models import Room, RoomStatus
from tests.shared.adapters.concurrency import together
from tests.shared.adapters.furnishing import a_member, added


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
