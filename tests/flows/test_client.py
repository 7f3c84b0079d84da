"""The Python client against the running platform: its view of a room is the room's log, however often it is cut."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cli.installing import as_pip_looks
from speaktracker_client import __main__ as terminal
from speaktracker_client.backoff import Backoff
from speaktracker_client.blocking import SpeakTracker as Blocking
from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Message
from speaktracker_client.room_connection import RoomConnection
from tests.flows.people import PASSWORD, Person
from tests.flows.platform import Platform

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
CLIENT = "speaktracker_client"
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


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the client's wheel, what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("client")
    uv = Path(sys.executable).parent / "uv"
    lock = ROOT / "requirements" / "development.txt"
    python = folder / "venv" / "bin" / "python"
    for command in (
        ("build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, "-o", folder, CLIENT),
        ("venv", "--quiet", "--python", sys.executable, folder / "venv"),
    ):
        done = subprocess.run([uv, *command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    install = (uv, "pip", "install", "--python", python, "--constraint", lock, wheel)
    for where in (["--offline"], []):  # from the cache, where an earlier run filled it; else from the index
        done = subprocess.run([*install, *where], env=as_pip_looks(), capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return python
    raise AssertionError(done.stderr)


def test_the_quick_start_runs_with_the_wheel_alone(
    installed: Path, platform: Platform, ann: Person, tmp_path: Path
) -> None:
    guide = (ROOT / "web" / "guides" / "quick-start.md").read_text("utf-8")
    program = guide.partition("```python\n")[2].partition("```")[0]
    for name, own in {
        "http://127.0.0.1:8000": platform.base,
        "student@example.com": ann.email,
        "Practice-2024!": PASSWORD,
    }.items():
        assert name in program
        program = program.replace(name, own)

    told = subprocess.run([installed, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stderr
    assert len(told.stdout.split()) > 2
