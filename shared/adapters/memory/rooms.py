"""Rooms and room tokens in dictionaries."""

from shared.domains.rooms.errors import NotAMember, RoomFull, RoomNotFound, TicketRefused
from shared.domains.rooms.models import Member, Room, RoomStatus, RoomToken
from shared.kernel.pages import Page, Position


class MemoryRooms:
    """The port RoomStore for one thread."""

    def __init__(self) -> None:
        """Begin with no room."""
        self.rooms: dict[str, Room] = {}
        self.memberships: dict[tuple[str, str], Member] = {}

    def get(self, room_id: str) -> Room:
        """Return a room, or raise RoomNotFound."""
        room = self.rooms.get(room_id)
        if room is None or room.status is RoomStatus.DELETED:
            raise RoomNotFound
        return room

    def members(self, room_id: str) -> list[Member]:
        """Return the memberships of a room."""
        return [member for (room, _), member in self.memberships.items() if room == room_id]

    def some_members(self, rooms: list[Room], each: int) -> dict[str, list[Member]]:
        """Return up to so many memberships of each room."""
        return {room.room_id: self.members(room.room_id)[:each] for room in rooms}

    def add(self, room: Room, owner: Member) -> None:
        """Store a new room with its first member."""
        if room.room_id not in self.rooms:
            self.rooms[room.room_id] = room
            self._keep(owner)

    def newest(self, level: str | None, *, limit: int, position: Position | None) -> Page[Room]:
        """Return rooms, newest first."""
        rooms = [room for room in self.rooms.values() if room.status is not RoomStatus.DELETED]
        wanted = [room for room in rooms if level in (None, room.level)]
        return _page(sorted(wanted, key=lambda room: (room.place, room.room_id), reverse=True), limit, position)

    def joined_by(self, user_id: str, *, limit: int, position: Position | None) -> Page[Room]:
        """Return the rooms that a user is a member of."""
        joined = sorted(self.memberships.values(), key=lambda member: member.joined_at, reverse=True)
        rooms = [self.rooms[one.room_id] for one in joined if one.user_id == user_id]
        return _page([room for room in rooms if room.status is not RoomStatus.DELETED], limit, position)

    def admit(self, room_id: str, member: Member) -> Room:
        """Make somebody a member within the capacity."""
        room = self.get(room_id)
        if not room.has(member.user_id) and room.current_members >= room.max_members:
            raise RoomFull
        self._keep(member)
        return self._change(room, member_ids=room.member_ids | {member.user_id})

    def dismiss(self, room_id: str, user_id: str) -> Room:
        """Take a member out; the last one out ends the room."""
        room = self.get(room_id)
        if not room.has(user_id):
            raise NotAMember
        del self.memberships[room_id, user_id]
        left = room.member_ids - {user_id}
        return self._change(room, member_ids=left, status=room.status if left else RoomStatus.DELETED)

    def delete(self, room_id: str) -> None:
        """Mark a room DELETED."""
        if room_id in self.rooms:
            self._change(self.rooms[room_id], status=RoomStatus.DELETED)

    def clear_memberships(self, room_id: str) -> None:
        """Remove the memberships of a room."""
        for member in self.members(room_id):
            del self.memberships[room_id, member.user_id]

    def spoken(self, room_id: str, at: str) -> None:
        """Move lastMessageAt forward, never back."""
        room = self.rooms.get(room_id)
        if room is not None and at > room.last_message_at and room.status is not RoomStatus.DELETED:
            self._change(room, last_message_at=at, status=RoomStatus.ACTIVE)

    def _keep(self, member: Member) -> None:
        self.memberships[member.room_id, member.user_id] = member

    def _change(self, room: Room, **fields: object) -> Room:
        self.rooms[room.room_id] = room.model_copy(update=fields)
        return self.rooms[room.room_id]


class MemoryRoomTokens:
    """The port RoomTokens for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.issued: dict[str, RoomToken] = {}

    def issue(self, token: RoomToken) -> None:
        """Store a ticket."""
        self.issued[token.token] = token

    def redeem(self, token: str, *, now: int) -> RoomToken:
        """Use a ticket once."""
        ticket = self.issued.pop(token, None)
        if ticket is None or ticket.expires_at <= now:
            raise TicketRefused
        return ticket


def _page(rooms: list[Room], limit: int, position: Position | None) -> Page[Room]:
    start = position["start"] if position else 0
    more = len(rooms) > start + limit
    return Page(rooms[start : start + limit], {"start": start + limit} if more else None)
