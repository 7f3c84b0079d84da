"""What the platform tells, as frozen values; fields that a newer platform adds are passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class User:
    """Who signed in."""

    user_id: str
    email: str
    role: str
    name: str

    @classmethod
    def of(cls, fields: dict[str, Any]) -> User:
        """Read the answer's form."""
        return cls(fields["userId"], fields["email"], fields["role"], fields["name"])


@dataclass(frozen=True)
class Room:
    """A room as lists and answers show it; `member_ids` is None where they are not shown."""

    room_id: str
    name: str
    level: str
    current_members: int
    max_members: int
    is_private: bool
    last_message_at: str
    description: str | None = None
    member_ids: tuple[str, ...] | None = None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Room:
        """Read the answer's form."""
        members = fields.get("memberIds")
        return cls(
            room_id=fields["roomId"],
            name=fields["name"],
            level=fields["level"],
            current_members=fields["currentMembers"],
            max_members=fields["maxMembers"],
            is_private=fields["isPrivate"],
            last_message_at=fields["lastMessageAt"],
            description=fields.get("description"),
            member_ids=None if members is None else tuple(members),
        )


@dataclass(frozen=True)
class Ticket:
    """What joining a room gives: the room, and the token that opens its WebSocket once, until `expires_at`."""

    room: Room
    token: str
    expires_at: int


@dataclass(frozen=True)
class Message:
    """What somebody said in a room; `seq` rises by one within an epoch, `created_at` rises with it."""

    message_id: str
    room_id: str
    user_id: str
    content: str
    message_type: str
    created_at: str
    seq: int
    key: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Message:
        """Read the form of pushes and lists."""
        return cls(
            message_id=fields["messageId"],
            room_id=fields["roomId"],
            user_id=fields["userId"],
            content=fields["content"],
            message_type=fields["messageType"],
            created_at=fields["createdAt"],
            seq=fields["seq"],
            key=fields.get("key"),
            url=fields.get("url"),
        )


@dataclass(frozen=True)
class Ack:
    """The platform has a message safely: it will be stored."""

    request_id: str
    message_id: str
    seq: int
    created_at: str

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Ack:
        """Read the frame's form."""
        return cls(fields["requestId"], fields["messageId"], fields["seq"], fields["createdAt"])


@dataclass(frozen=True)
class Reply:
    """The AI partner's whole answer to one message; `stopped` where it was stopped and this is what it had said."""

    request_id: str
    conversation_id: str
    response: str
    stopped: bool

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Reply:
        """Read the frame's form."""
        return cls(fields["requestId"], fields["conversationId"], fields["response"], fields.get("stopped", False))


@dataclass(frozen=True)
class Push:
    """Anything else that the platform says by itself: `type` names it, `fields` are as on the wire."""

    type: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """How far a room was heard; a program that keeps it can go on from there after its own restart."""

    epoch: str
    seq: int
    created_at: str = ""


@dataclass(frozen=True)
class MessagePage:
    """A part of a room's history, newest first; `cursor` leads to older ones, None at the end."""

    messages: tuple[Message, ...]
    cursor: str | None


@dataclass(frozen=True)
class RoomPage:
    """A part of the list of rooms, newest first; `cursor` leads on, None at the end."""

    rooms: tuple[Room, ...]
    cursor: str | None
