"""A room, live: talk, and hear every message once and in order, whatever happens to the network."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from speaktracker_client.backoff import Backoff
from speaktracker_client.channel import ANSWER_SECONDS, Channel
from speaktracker_client.errors import SpeakTrackerError, Unauthorized, Unreachable
from speaktracker_client.link import Cut, Link
from speaktracker_client.models import Ack, Message, Place, Push
from speaktracker_client.outbox import Outbox, Outgoing
from speaktracker_client.rooms import Rooms
from speaktracker_client.timeline import Timeline

HISTORY_PAGE = 100
RESUME = "resume"
SETTLING_SECONDS = 2.0


class RoomConnection(Channel[Message | Push]):
    """One room of one user.

    After a cut it fetches a new ticket, resumes where it was, and sends again what was not acknowledged. Where the
    platform cannot fill the gap from memory (`resync`), it reads the history and yields what was missed, once.
    """

    def __init__(
        self,
        rooms: Rooms,
        room_id: str,
        *,
        address: str,
        is_near: bool,
        backoff: Backoff,
        password: str | None = None,
        place: Place | None = None,
        settling_seconds: float = SETTLING_SECONDS,
    ) -> None:
        """Prepare; `open`, or `async with`, opens it. A `place` of an earlier run goes on from there.

        `settling_seconds` is how long the platform may take to store what was said before it lost its memory.
        """
        super().__init__(backoff)
        self.room_id = room_id
        self._rooms, self._password = rooms, password
        self._address, self._is_near = address, is_near
        self._settling_seconds = settling_seconds
        self._timeline = Timeline(place)
        self._reloading: asyncio.Task[None] | None = None
        self._is_resuming = False
        self._outbox = Outbox(self._say_safely)

    @property
    def unsent(self) -> list[dict[str, Any]]:
        """Return what was posted and is not known to be safe; a program that keeps it may `post_again` later."""
        return self._outbox.unsent

    @property
    def place(self) -> Place | None:
        """Return how far the room was heard; None before the first opening."""
        return self._timeline.place

    async def send_message(
        self,
        content: str,
        *,
        message_type: str = "TEXT",
        key: str | None = None,
        request_id: str | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Ack:
        """Say something, and return when the platform has it safely; cuts meanwhile do not matter.

        The same requestId within 24 h says it once. Raises as `Exchanges.ask` does.
        """
        fields = {"action": "sendMessage", "roomId": self.room_id, "content": content, "messageType": message_type}
        fields |= {"key": key} if key else {}
        fields |= {"requestId": request_id} if request_id else {}
        return Ack.of(await self._ask(fields, answered_by="messageAck", seconds=seconds))

    def post(self, content: str, *, request_id: str | None = None) -> Outgoing:
        """Queue something to say, also while the network is away: it is said in its order, once, as soon as it can be.

        Awaiting what is returned gives the Ack. Nothing bounds the time: what waits when the connection is closed is in
        `unsent`.
        """
        fields = {"action": "sendMessage", "roomId": self.room_id, "content": content, "messageType": "TEXT"}
        return self._outbox.put(fields | ({"requestId": request_id} if request_id else {}))

    def post_again(self, unsent: dict[str, Any]) -> Outgoing:
        """Queue what an earlier run kept of its `unsent`; it is said once, whether it had arrived or not."""
        return self._outbox.put(unsent)

    async def drained(self) -> None:
        """Return when everything that was posted is safe, or was refused."""
        await self._outbox.drained()

    async def close(self) -> None:
        """Close the connection; see there. What was posted and is not safe stays in `unsent`."""
        await self._outbox.close()
        await super().close()

    async def _say_safely(self, fields: dict[str, Any]) -> Ack:
        return Ack.of(await self._ask(fields, answered_by="messageAck", seconds=None))

    async def show_typing(self, is_typing: bool) -> None:
        """Tell the others that one is typing, or no more; lost where the connection is down."""
        await self._send(json.dumps({"action": "typing", "isTyping": is_typing}))

    async def presence(self, seconds: float = ANSWER_SECONDS) -> list[str]:
        """Return who is here, by userId."""
        fields = await self._ask({"action": "presence"}, answered_by="presence", seconds=seconds)
        return list(fields["members"])

    async def _dial(self) -> Link:
        ticket = await self._rooms.join(self.room_id, self._password)
        try:
            return await Link.open(f"{self._address}?roomToken={ticket.token}", is_near=self._is_near)
        except Unauthorized as refused:  # the ticket was used or went stale on the way: the next attempt gets another
            raise Unreachable(str(refused)) from refused

    async def _greeted(self, fields: dict[str, Any]) -> None:
        place = self._timeline.opened(fields["epoch"], fields["lastSeq"])
        await self._resume(place)

    async def _received(self, fields: dict[str, Any]) -> None:
        match fields.get("type") or fields.get("action"):
            case "message":
                await self._hear(Message.of(fields))
            case "resync":
                self._is_resuming = False
                self._reload(fields["epoch"], fields["lastSeq"])
                await self._caught_up()
            case "resumed":
                await self._resumed(fields)
            case "error" if fields.get("requestId") == RESUME:
                self.abort()  # the room's memory does not answer: try again, later each time
            case str(kind) if "type" in fields or kind == "error":
                self._say(Push(kind, fields))

    def _lost(self) -> None:
        if self._reloading is not None:
            self._reloading.cancel()

    async def _resume(self, place: Place) -> None:
        assert self._link is not None
        self._is_resuming = True
        fields = {"action": "resume", "requestId": RESUME, "lastSeq": place.seq, "epoch": place.epoch}
        await self._link.send(json.dumps(fields))

    async def _resumed(self, fields: dict[str, Any]) -> None:
        self._is_resuming = False
        place = self._timeline.place
        if place is not None and not self._timeline.is_reloading and place.seq < fields["lastSeq"]:
            self._reload(fields["epoch"], fields["lastSeq"])
        await self._caught_up()

    async def _hear(self, message: Message) -> None:
        found = self._timeline.offer(message)
        if found is None and not self._is_resuming:
            assert self._timeline.place is not None
            await self._resume(self._timeline.place)
        for one in found or []:
            self._say(one)

    def _reload(self, epoch: str, last_seq: int) -> None:
        self._timeline.reload()
        self._lost()
        assert self._link is not None
        self._reloading = asyncio.create_task(self._read_history(self._link, epoch, last_seq))

    async def _read_history(self, link: Link, epoch: str, last_seq: int) -> None:
        """Deliver what the history has beyond our place; where that fails, a new WebSocket tries again."""
        try:
            if self._timeline.place is not None and self._timeline.place.epoch != epoch:
                await asyncio.sleep(self._settling_seconds)
            found = self._timeline.reloaded(await self._history(), epoch, last_seq)
        except (SpeakTrackerError, Cut):
            link.abort()
            return
        if found is None:
            link.abort()
        for one in found or []:
            self._say(one)

    async def _history(self) -> list[Message]:
        """Return the messages beyond our place, oldest first."""
        found: list[Message] = []
        cursor = None
        while True:
            page = await self._rooms.messages(self.room_id, cursor=cursor, limit=HISTORY_PAGE)
            fresh = [one for one in page.messages if not self._timeline.is_heard(one)]
            found += fresh
            cursor = page.cursor
            if cursor is None or len(fresh) < len(page.messages):
                return found[::-1]
