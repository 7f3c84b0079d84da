"""What is stored of rooms, members and room tokens."""

from enum import StrEnum

from shared.kernel.contract import Contract
from shared.kernel.levels import Level


class RoomStatus(StrEnum):
    """CREATED, ACTIVE on the first message; the room that empties is DELETED in the same step."""

    CREATED = "CREATED"
    ACTIVE = "ACTIVE"
    DELETED = "DELETED"


class Room(Contract):
    """A room as it is stored; `password_hash` never leaves the rules. Lists show it by `listed_at`, else by its age."""

    room_id: str
    name: str
    description: str | None = None
    level: Level
    max_members: int
    is_private: bool = False
    password_hash: str | None = None
    created_by: str
    member_ids: frozenset[str] = frozenset()
    created_at: str
    last_message_at: str
    listed_at: str | None = None
    status: RoomStatus = RoomStatus.CREATED

    @property
    def place(self) -> str:
        """Return the time by which the room stands in lists."""
        return self.listed_at or self.created_at

    @property
    def current_members(self) -> int:
        """Count the members."""
        return len(self.member_ids)

    def has(self, user_id: str) -> bool:
        """Tell whether a user is a member."""
        return user_id in self.member_ids


class Member(Contract):
    """A membership, found by room and by user."""

    room_id: str
    user_id: str
    name: str
    joined_at: str


class RoomToken(Contract):
    """A one-time ticket from REST to the WebSocket; `expires_at` in epoch seconds."""

    token: str
    room_id: str
    user_id: str
    session_id: str
    language: str = "en"
    expires_at: int
