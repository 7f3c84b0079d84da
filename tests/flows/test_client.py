"""The Python client against the running platform: its view of a room is the room's log, however often it is cut."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from speaktracker_client import __main__ as terminal
from speaktracker_client.backoff import Backoff
from speaktracker_client.blocking import SpeakTracker as Blocking
from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Message
from speaktracker_client.room_connection import RoomConnection
from tests.flows.people import PASSWORD, Person
from tests.flows.platform import Platform

pytestmark = pytest.mark.anyio
CUTS, MESSAGES = 25, 120
DEADLINE = 90.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def signed_in(platform: Platform, person: Person) -> AsyncIterator[SpeakTracker]:
    async with SpeakTracker(platform.base, backoff=Backoff(first=0.02, longest=0.2)) as client:
        await client.login(person.email, PASSWORD)
        yield client


async def hear(room: RoomConnection, until: int) -> list[Message]:
    found: list[Message] = []
    async with asyncio.timeout(DEADLINE):
        while len(found) < until:
            one = await anext(room)
            found += [one] if isinstance(one, Message) else []
    return found


async def test_through_many_cuts_the_view_is_the_log(platform: Platform, ann: Person, ben: Person, room: str) -> None:
    chance = random.Random(7)
    async with signed_in(platform, ann) as one, signed_in(platform, ben) as other:
        async with one.room(room) as speaking, other.room(room) as listening:
            heard = asyncio.create_task(hear(listening, MESSAGES))
            own = asyncio.create_task(hear(speaking, MESSAGES))
            for number in range(MESSAGES):
                speaking.post(f"{number}")
            for _ in range(CUTS):
                await asyncio.sleep(chance.uniform(0.0, 0.25))
                chance.choice((speaking, listening)).abort()
            await asyncio.wait_for(speaking.drained(), DEADLINE)
            views = [[message.message_id for message in await view] for view in (heard, own)]
        log = await history(one, room)

    assert [message.content for message in log] == [f"{number}" for number in range(MESSAGES)]
    assert views == [[message.message_id for message in log]] * 2


async def history(client: SpeakTracker, room_id: str) -> list[Message]:
    found: list[Message] = []
    cursor = None
    while True:
        page = await client.rooms.messages(room_id, cursor=cursor, limit=100)
        found += page.messages
        cursor = page.cursor
        if cursor is None:
            return found[::-1]


def test_a_script_needs_no_await(platform: Platform, ann: Person, room: str) -> None:
    with Blocking(platform.base) as tracker:
        assert tracker.login(ann.email, PASSWORD).user_id == ann.user_id
        assert tracker.rooms()
        assert tracker.say(room, "Hello from a script.").seq == 1
        assert "".join(tracker.stream("Hello!"))


def test_the_terminal_says_whether_the_service_speaks(
    platform: Platform, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--address", platform.base, "--email", ann.email, "--password", PASSWORD]

    assert terminal.main([*arguments, "check"]) == 0
    assert capsys.readouterr().out.count(" ms  ") == 4
    assert terminal.main([*arguments[:-1], "wrong", "rooms"]) == 1


async def test_the_end_of_work_is_pushed_to_whoever_listens(platform: Platform, ann: Person) -> None:
    async with signed_in(platform, ann) as client, client.pushes("job") as pushes:
        speech = await client.voice.speak("A sentence that nobody has said before.")
        async with asyncio.timeout(DEADLINE):
            push = await anext(pushes)

    assert push.type == "job"
    assert speech.duration_ms > 500
