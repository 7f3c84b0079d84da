import asyncio
from collections.abc import AsyncIterator

import pytest

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import Ended
from speaktracker_client.room_connection import RoomConnection
from tests.speaktracker_client.platform import ROOM, FakePlatform, eventually, heard

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(client: SpeakTracker, platform: FakePlatform) -> AsyncIterator[RoomConnection]:
    async with client.room(ROOM, settling_seconds=0.0) as connection:
        yield connection


async def test_what_is_posted_while_the_network_is_away_is_said_in_order_once(
    room: RoomConnection, platform: FakePlatform
) -> None:
    await platform.stop()
    posted = [room.post(f"{number}") for number in range(20)]
    assert len(room.unsent) == 20
    await platform.start()

    acks = [await one for one in posted]

    assert [one["content"] for one in platform.log] == [f"{number}" for number in range(20)]
    assert [ack.request_id for ack in acks] == [one.request_id for one in posted]
    assert room.unsent == []


async def test_a_cut_between_message_and_ack_says_nothing_twice(room: RoomConnection, platform: FakePlatform) -> None:
    cuts = 0

    async def accept_and_cut(socket: object, fields: dict[str, object]) -> bool:
        nonlocal cuts
        if fields["action"] == "sendMessage" and cuts < 5:
            cuts += 1
            await platform.accept(fields)
            platform.cut()
            return True
        return False

    platform.intercept = accept_and_cut
    for number in range(10):
        room.post(f"{number}")
    await room.drained()

    assert [one["content"] for one in platform.log] == [f"{number}" for number in range(10)]
    assert await heard(room, 10) == [f"{number}" for number in range(10)]


async def test_what_waits_survives_the_program(client: SpeakTracker, platform: FakePlatform) -> None:
    async with client.room(ROOM, settling_seconds=0.0) as room:
        await platform.stop()
        await eventually(lambda: not room.is_live, "away")
        room.post("kept")
        await asyncio.sleep(0)
        kept = room.unsent
    await platform.start()
    async with client.room(ROOM, settling_seconds=0.0) as later:
        await later.post_again(kept[0])

    assert [one["content"] for one in platform.log] == ["kept"]


async def test_a_room_that_is_gone_tells_whoever_waits(room: RoomConnection, platform: FakePlatform) -> None:
    async def say_nothing(_socket: object, _fields: dict[str, object]) -> bool:
        return True

    platform.intercept = say_nothing
    posted = room.post("never")
    await eventually(lambda: any(one["action"] == "sendMessage" for one in platform.frames), "sent")
    await platform.close(4404)

    with pytest.raises(Ended):
        await posted
    assert len(room.unsent) == 1
