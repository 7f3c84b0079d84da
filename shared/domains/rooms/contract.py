"""What clients ask of rooms and are told."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.domains.rooms.models import Member, Room
from shared.kernel.characters import named
from shared.kernel.contract import Command, Contract, Event, Job
from shared.kernel.levels import LEVEL_NAMES, Level
from shared.kernel.queues import Queue, WhenDead

RoomName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(named)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class CreateRoom(Command):
    """Make a room; a private one needs a password."""

    name: RoomName
    description: Annotated[str, StringConstraints(max_length=500)] | None = None
    level: Level = Field(validation_alias=LEVEL_NAMES)
    max_members: int = Field(6, ge=2, le=100)
    is_private: bool = False
    password: Password | None = None

    @model_validator(mode="after")
    def _password_where_private(self) -> Self:
        if self.is_private and not self.password:
            raise ValueError("a private room needs a password")
        if self.password and not self.is_private:
            raise ValueError("a password needs isPrivate: true")
        return self


class ListRooms(Command):
    """List rooms, newest first; of one person's in a day, the 21st and later ones stand further back."""

    level: Level | None = Field(None, validation_alias=LEVEL_NAMES)
    joined: bool = False
    cursor: str | None = None
    limit: int = Field(10, ge=1, le=20)


class JoinRoom(Command):
    """Become a member and get a ticket for the WebSocket."""

    password: Password | None = None


class RoomItem(Contract):
    """A room in a list; private ones are listed, locked, without `faces`: the names of some members."""

    room_id: str
    name: str
    level: str
    current_members: int
    max_members: int
    is_private: bool
    last_message_at: str
    created_at: str
    description: str | None = None
    faces: list[str] | None = None

    @classmethod
    def of(cls, room: Room, faces: list[str] | None = None) -> Self:
        """Return what anyone may see of a room."""
        return cls(
            room_id=room.room_id,
            name=room.name,
            level=room.level,
            current_members=room.current_members,
            max_members=room.max_members,
            is_private=room.is_private,
            last_message_at=room.last_message_at,
            created_at=room.created_at,
            description=room.description,
            faces=faces,
        )


class MemberItem(Contract):
    """A member as the others see them."""

    user_id: str
    name: str


class RoomDetails(RoomItem):
    """A room with all its fields; only members see who is in a private one."""

    created_by: str
    status: str
    member_ids: list[str] | None = None
    members: list[MemberItem] | None = None

    @classmethod
    def seen_by(cls, user_id: str, room: Room, members: list[Member]) -> Self:
        """Return what that user may see of the room."""
        known = {member.user_id: member.name for member in members}
        ids = sorted(room.member_ids)
        open_to_see = not room.is_private or room.has(user_id)
        return cls(
            **RoomItem.of(room).model_dump(),
            created_by=room.created_by,
            status=room.status,
            member_ids=ids if open_to_see else None,
            members=[MemberItem(user_id=one, name=known.get(one, "")) for one in ids] if open_to_see else None,
        )


class RoomJoined(Contract):
    """The room, and the ticket that opens its WebSocket once."""

    room: RoomDetails
    room_token: str
    token_expires_at: int


class RoomLeft(Contract):
    """What is left when somebody went."""

    room_id: str
    current_members: int


class RoomClosed(Event):
    """A room is gone; its sockets close with 4404."""

    type: Literal["room_closed"] = "room_closed"
    room_id: str
    reason: str


class ClearMemberships(Job):
    """Remove the membership items of a room that is gone; removing them twice is removing them once."""

    name: ClassVar[str] = "rooms.clear_memberships"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    room_id: str
