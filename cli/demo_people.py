"""People of the demo: each signs up, talks over the network, and notes what it heard and when."""

import asyncio
import secrets
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from cli.demo_platform import RunningPlatform
from speaktracker_client.backoff import Backoff
from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Ended
from speaktracker_client.models import Ack, Message
from speaktracker_client.room_connection import RoomConnection

PASSWORD = "Practice-2024!"
HEARING_SECONDS = 15.0


@dataclass(frozen=True)
class Said:
    """A message that was sent and acknowledged, on the clock of `time.perf_counter`."""

    ack: Ack
    sent_at: float
    acked_at: float


@dataclass(frozen=True)
class Heard:
    """A message that came as a push."""

    message: Message
    at: float


@dataclass
class Person:
    """Somebody with an account of their own and one room connection."""

    name: str
    user_id: str
    client: SpeakTracker
    email: str = ""
    said: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    ended: Ended | None = None
    _connection: RoomConnection | None = None
    _listening: asyncio.Task[None] | None = None

    @property
    def connection(self) -> RoomConnection:
        """Return the room connection, once entered."""
        assert self._connection is not None
        return self._connection

    async def enter(self, room_id: str, password: str | None = None) -> None:
        """Open the room's WebSocket and listen from now on."""
        self._connection = await self.client.room(room_id, password=password).open()
        self._listening = asyncio.create_task(self._listen(self._connection))

    async def say(self, text: str) -> None:
        """Send a message and note when it was acknowledged."""
        sent_at = time.perf_counter()
        ack = await self.connection.send_message(text)
        self.said.append(Said(ack, sent_at, time.perf_counter()))

    async def talk(self, count: int, *, pause: float) -> None:
        """Say so many things, one each `pause` seconds, without waiting for the acknowledgement of the last."""
        async with asyncio.TaskGroup() as group:
            for number in range(1, count + 1):
                group.create_task(self.say(f"{self.name} says number {number} of {count}: nice to meet you!"))
                await asyncio.sleep(pause)

    async def hear(self, count: int) -> None:
        """Return when so many different messages were heard, or after 15 s."""
        deadline = time.monotonic() + HEARING_SECONDS
        while len({one.message.message_id for one in self.heard}) < count and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    async def closed(self) -> int | None:
        """Return the code with which the platform closed the room's WebSocket; None where it does not within 15 s."""
        if self._listening is not None:
            await asyncio.wait({self._listening}, timeout=HEARING_SECONDS)
        return self.ended.code if self.ended else None

    async def go(self) -> None:
        """Close the WebSocket and all else of this person."""
        if self._connection is not None:
            await self._connection.close()
        if self._listening is not None:
            await self._listening
        await self.client.close()

    async def _listen(self, connection: RoomConnection) -> None:
        try:
            async for push in connection:
                if isinstance(push, Message):
                    self.heard.append(Heard(push, time.perf_counter()))
        except Ended as ended:
            self.ended = ended


async def sign_up(
    platform: RunningPlatform, name: str, backoff: Backoff | None = None, *, role: str = "student"
) -> Person:
    """Return a person with a new account, signed in.

    Raises:
        ClickException: the verification code did not come.
    """
    client = SpeakTracker(platform.base, backoff=backoff)
    email = f"{name.lower()}-{secrets.token_hex(4)}@example.com"
    async with AsyncExitStack() as unknown:  # whatever goes wrong, nobody else knows this client yet
        unknown.push_async_callback(client.close)
        await client.register(email, PASSWORD, name, role)
        await client.confirm(email, await platform.code_sent_to(email))
        user = await client.login(email, PASSWORD)
        unknown.pop_all()
    return Person(name, user.user_id, client, email)
