"""Rooms and members to put into a store."""

from typing import Any

from shared.domains.rooms.models import Member, Room
from shared.domains.rooms.ports import RoomStore


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


def added(rooms: RoomStore, number: int = 1, **fields: Any) -> Room:
    room = a_room(number, **fields)
    rooms.add(room, a_member("owner", room.room_id, number))
    return room
