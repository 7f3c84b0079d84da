"""Whatever is cancelled, wherever it waits, leaves no task behind."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from websockets.asyncio.server import ServerConnection

from speaktracker_client.backoff import Backoff
from speaktracker_client.client import SpeakTracker
from tests.speaktracker_client.platform import ROOM, FakePlatform, Fields, eventually

pytestmark = pytest.mark.anyio


async def open_room(client: SpeakTracker) -> None:
    async with client.room(ROOM):
        await asyncio.Event().wait()


async def send(client: SpeakTracker) -> None:
    async with client.room(ROOM) as room:
        await room.send_message("never acknowledged")


async def post(client: SpeakTracker) -> None:
    async with client.room(ROOM) as room:
        room.post("never acknowledged")
        await room.drained()


async def listen(client: SpeakTracker) -> None:
    async with client.channel() as channel:
        await anext(channel)


async def ask(client: SpeakTracker) -> None:
    await client.ask("never answered")


async def iterate(client: SpeakTracker) -> None:
    async with client.stream("never answered") as turn:
        async for _ in turn:
            pass


@pytest.mark.parametrize("use", [open_room, send, post, listen, ask, iterate], ids=lambda one: one.__name__)
async def test_a_client_that_is_cancelled_at_any_step_leaves_no_task(
    platform: FakePlatform, use: Callable[[SpeakTracker], Awaitable[None]]
) -> None:
    async def accept_silently(_socket: ServerConnection, fields: Fields) -> bool:
        return fields["action"] == "sendMessage"

    async def all_of_it() -> None:
        backoff = Backoff(first=0.01, longest=0.1)
        async with SpeakTracker(platform.base, backoff=backoff, transport=platform.transport) as client:
            await client.login("ann@example.com", "Practice-2024!")
            await use(client)

    platform.intercept = accept_silently
    for steps in (*range(0, 40, 3), 200):
        before = asyncio.all_tasks()
        using = asyncio.create_task(all_of_it())
        for _ in range(steps):
            await asyncio.sleep(0)
        using.cancel()
        with suppress(asyncio.CancelledError):
            await using
        await eventually(lambda before=before: asyncio.all_tasks() <= before, "nothing is left, on either side")


async def test_who_is_cancelled_while_asking_asks_no_more(client: SpeakTracker, platform: FakePlatform) -> None:
    async def accept_silently(_socket: ServerConnection, fields: Fields) -> bool:
        return fields["action"] == "sendMessage"

    platform.intercept = accept_silently
    asking = asyncio.create_task(client.ask("never answered"))
    await eventually(lambda: bool(platform.frames), "asked")
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    channel = await client._own_channel()
    channel.abort()
    await eventually(lambda: channel.openings == 2 and channel.is_live, "back")
    await channel.ping()

    assert [one["action"] for one in platform.frames] == ["sendMessage", "ping"]
