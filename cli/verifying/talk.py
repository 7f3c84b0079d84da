"""One message, sent as a person would: pushed, acknowledged, and in the table."""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Message

_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Patience:
    """For how many seconds a message is waited for, in each place where it must appear."""

    pushed: float = 2.0
    stored: float = 5.0
    logged: float = 10.0


PATIENT = Patience()


@dataclass(frozen=True)
class Talk:
    """What became of the message; None where it did not come in time."""

    message_id: str
    request_id: str
    acknowledged: float
    pushed: float | None
    stored: float | None


async def talk(base: str, email: str, password: str, is_stored: Callable[[str, str], bool], patience: Patience) -> Talk:
    """Say something in a room of its own, which is removed afterwards; seconds count from the sending.

    Raises:
        SpeakTrackerError: the platform refused something, or did not answer.
    """
    async with SpeakTracker(base) as client:
        await client.login(email, password)
        room = await client.rooms.create(f"verify {uuid.uuid4().hex[:8]}", "beginner")
        try:
            return await _say(client, room.room_id, is_stored, patience)
        finally:
            await client.rooms.delete(room.room_id)


async def _say(client: SpeakTracker, room_id: str, is_stored: Callable[[str, str], bool], patience: Patience) -> Talk:
    request_id = f"verify-{uuid.uuid4().hex}"
    async with client.room(room_id) as connection:
        heard: asyncio.Task[Message] = asyncio.ensure_future(anext(aiter(connection)))  # type: ignore[arg-type]
        began = time.monotonic()
        ack = await connection.send_message("Is everything in its place?", request_id=request_id)
        acknowledged = time.monotonic() - began
        pushed = await _within(heard, patience.pushed, began)
        stored = await _stored(lambda: is_stored(ack.message_id, room_id), patience.stored, began)
    return Talk(ack.message_id, request_id, acknowledged, pushed, stored)


async def _within(heard: "asyncio.Task[Message]", seconds: float, began: float) -> float | None:
    try:
        await asyncio.wait_for(heard, seconds)
    except TimeoutError:
        return None
    return time.monotonic() - began


async def _stored(is_stored: Callable[[], bool], seconds: float, began: float) -> float | None:
    while time.monotonic() - began < seconds:
        if await asyncio.to_thread(is_stored):
            return time.monotonic() - began
        await asyncio.sleep(_LOOK_SECONDS)
    return None
