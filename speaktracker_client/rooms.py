"""Rooms over HTTP."""

from typing import Any

from speaktracker_client.models import Message, MessagePage, Room, RoomPage, Ticket
from speaktracker_client.session import Session, part


class Rooms:
    """The calls under `/rooms`; each raises Refused or Unreachable."""

    def __init__(self, session: Session) -> None:
        """Use a session."""
        self._session = session

    async def create(
        self,
        name: str,
        level: str,
        *,
        password: str | None = None,
        max_members: int = 6,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Room:
        """Make a room, a private one where a password is given; the same idempotency key makes it once."""
        body: dict[str, Any] = {"name": name, "level": level, "maxMembers": max_members}
        if description is not None:
            body["description"] = description
        if password is not None:
            body |= {"isPrivate": True, "password": password}
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else None
        return Room.of(await self._session.call("POST", "/rooms", body, headers=headers))

    async def list(
        self, *, level: str | None = None, joined: bool = False, cursor: str | None = None, limit: int = 10
    ) -> RoomPage:
        """Return a page of rooms, newest first; `joined` for one's own."""
        query = {"limit": str(limit)}
        query |= {"level": level} if level else {}
        query |= {"joined": "true"} if joined else {}
        query |= {"cursor": cursor} if cursor else {}
        fields = await self._session.call("GET", "/rooms", query=query)
        return RoomPage(tuple(map(Room.of, fields["rooms"])), fields.get("nextCursor"))

    async def show(self, room_id: str) -> Room:
        """Return a room."""
        return Room.of(await self._session.call("GET", f"/rooms/{part(room_id)}"))

    async def join(self, room_id: str, password: str | None = None) -> Ticket:
        """Become a member, or stay one, and get a ticket for the room's WebSocket."""
        body = {} if password is None else {"password": password}
        fields = await self._session.call("POST", f"/rooms/{part(room_id)}/join", body)
        return Ticket(Room.of(fields["room"]), fields["roomToken"], fields["tokenExpiresAt"])

    async def leave(self, room_id: str) -> int:
        """Stop being a member, and return how many are left."""
        fields = await self._session.call("POST", f"/rooms/{part(room_id)}/leave")
        return int(fields["currentMembers"])

    async def delete(self, room_id: str) -> None:
        """End a room of one's own."""
        await self._session.call("DELETE", f"/rooms/{part(room_id)}")

    async def messages(self, room_id: str, *, cursor: str | None = None, limit: int = 20) -> MessagePage:
        """Return a page of a room's history, newest first."""
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        fields = await self._session.call("GET", f"/rooms/{part(room_id)}/messages", query=query)
        return MessagePage(tuple(map(Message.of, fields["messages"])), fields.get("nextCursor"))
