"""What rooms need from outside."""

from typing import Protocol

from shared.domains.rooms.models import Member, Room, RoomToken
from shared.kernel.pages import Page, Position
from shared.kernel.ports import RoomActivity


class RoomReader(Protocol):
    """Rooms as they stand."""

    def get(self, room_id: str) -> Room:
        """Return a room.

        Raises:
            RoomNotFound: there is none, or it was deleted.
        """

    def members(self, room_id: str) -> list[Member]:
        """Return the memberships of a room, with names."""

    def some_members(self, rooms: list[Room], each: int) -> dict[str, list[Member]]:
        """Return up to `each` memberships of each of at most 20 rooms, by roomId, in one call; in no order."""


class RoomStore(RoomReader, RoomActivity, Protocol):
    """Rooms and memberships, with the atomic steps that the rules rest on."""

    def add(self, room: Room, owner: Member) -> None:
        """Store a new room with its first member, both or neither; the same room again changes nothing."""

    def newest(self, level: str | None, *, limit: int, position: Position | None) -> Page[Room]:
        """Return rooms of one level or of all, by their places in lists, the latest first."""

    def joined_by(self, user_id: str, *, limit: int, position: Position | None) -> Page[Room]:
        """Return the rooms that a user is a member of, the latest joined first."""

    def admit(self, room_id: str, member: Member) -> Room:
        """Make somebody a member, atomically with the check of capacity, and return the room; again is fine.

        Raises:
            RoomFull: there is no place; never one member too many, however many come at once.
            RoomNotFound: the room is gone.
        """

    def dismiss(self, room_id: str, user_id: str) -> Room:
        """Take a member out and return the room; the last one out leaves it DELETED in the same step.

        Raises:
            NotAMember: they were not in it.
            RoomNotFound: the room is gone.
        """

    def delete(self, room_id: str) -> None:
        """Mark a room DELETED; again changes nothing."""

    def clear_memberships(self, room_id: str) -> None:
        """Remove the membership items of a room; again changes nothing."""


class RoomTokens(Protocol):
    """One-time tickets."""

    def issue(self, token: RoomToken) -> None:
        """Store a ticket as ISSUED."""

    def redeem(self, token: str, *, now: int) -> RoomToken:
        """Use a ticket: of many at once exactly one succeeds.

        Raises:
            TicketRefused: unknown, used or expired (`now` in epoch seconds).
        """


class RoomsMade(Protocol):
    """How many rooms somebody made lately."""

    def count(self, user_id: str) -> int:
        """Count one more, and return how many that makes in the last 24 hours; from 320 on it stays at 320."""


class GuessLimit(Protocol):
    """Bounds how fast passwords may be guessed."""

    def check(self, user_id: str, room_id: str) -> None:
        """Count one guess.

        Raises:
            RateLimited: too many guesses by this user at this room.
        """
