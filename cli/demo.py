"""`speaktracker demo`: two people meet in a room, one loses the network, and nothing is lost."""

import asyncio
import secrets
import time
from pathlib import Path

import click
from rich.console import Console

from cli.demo_people import Person, Said, sign_up
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_report import faults_of, show_people, show_times, storage_faults
from cli.demo_storage import Storage, Stored
from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import Forbidden, NotFound, SpeakTrackerError

TOGETHER = 20
DURING_CUT = 15
WAITING = 3
PAUSE_SECONDS = 0.06  # 40 frames in any two seconds are allowed
LEFT_CODE = 4403
AWAY = Backoff(first=1.0)


@click.command()
@of_run_directory
def demo(directory: Path) -> None:
    """Walk through the product against the platform that `make run` started.

    Two people sign up, talk in a private room, one is cut off and comes back. Exits with 1 if any message is missing,
    doubled or out of order anywhere, DynamoDB included.
    """
    platform = find_platform(directory)
    console = Console(highlight=False)
    try:
        faults = asyncio.run(_Walk(platform, console).run())
    except SpeakTrackerError as problem:
        raise click.ClickException(f"{type(problem).__name__}: {problem}") from problem
    for fault in faults:
        console.print(f"[bold red]{fault}[/]")
    if faults:
        raise click.exceptions.Exit(1)
    console.print("[bold green]Everything said was seen and stored: once each, and in order.[/]")


class _Walk:
    """One run of the demo."""

    def __init__(self, platform: RunningPlatform, console: Console) -> None:
        self._platform, self._console = platform, console
        self._password = secrets.token_urlsafe(9)
        self._people: list[Person] = []
        self._faults: list[str] = []

    async def run(self) -> list[str]:
        """Walk, show, and return what was wrong."""
        try:
            return await self._walk()
        finally:
            for person in self._people:
                await person.go()

    async def _walk(self) -> list[str]:
        for name in ("Jimin", "Seoyeon"):
            self._people.append(await sign_up(self._platform, name, AWAY))
        jimin, seoyeon = self._people
        self._say(f"{jimin.name} and {seoyeon.name} have signed up, proved their e-mails and signed in.")
        room_id = await self._open_room(jimin, seoyeon)
        await asyncio.gather(*(person.talk(TOGETHER, pause=PAUSE_SECONDS) for person in self._people))
        steady = [*jimin.said, *seoyeon.said]
        await self._cut(seoyeon, jimin)
        said = [*jimin.said, *seoyeon.said]
        await asyncio.gather(*(person.hear(len(said)) for person in self._people))
        await self._leave(room_id)
        stored = await self._stored(room_id, said)
        show_people(self._console, self._people, said)
        show_times(self._console, self._people, steady)
        for person in self._people:
            self._faults += faults_of(person, said)
        return self._faults + storage_faults(stored, said)

    async def _open_room(self, owner: Person, guest: Person) -> str:
        room = await owner.client.rooms.create("Small talk", "intermediate", password=self._password, max_members=2)
        self._say(f"{owner.name} made the private room {room.room_id}.")
        try:
            await guest.client.rooms.join(room.room_id, "a wrong password")
        except Forbidden as refused:
            self._say(f"{guest.name} tried a wrong password and was refused: {refused.message}")
        else:
            self._faults.append("a wrong password opened the private room")
        for person in self._people:
            await person.enter(room.room_id, self._password)
        self._say("Both are in the room.")
        return room.room_id

    async def _cut(self, victim: Person, other: Person) -> None:
        """Cut one off while the other goes on talking; what the victim says meanwhile waits and is sent later."""
        talking = asyncio.create_task(other.talk(DURING_CUT, pause=PAUSE_SECONDS))
        await asyncio.sleep(PAUSE_SECONDS * 3)
        openings = victim.connection.openings
        last = asyncio.create_task(victim.say(f"{victim.name} says something just before the cut"))
        await asyncio.sleep(0)  # the frame is on its way, its acknowledgement is not yet here
        victim.connection.abort()
        gone_at = time.perf_counter()
        await asyncio.gather(talking, last, victim.talk(WAITING, pause=PAUSE_SECONDS))
        await victim.connection.wait_live()
        back_at = max(one.acked_at for one in victim.said[-WAITING:])
        missed = [said for said in other.said if gone_at <= said.sent_at <= back_at]
        if victim.connection.openings == openings or not missed:
            self._faults.append(f"{victim.name} was not really cut off")
        self._say(
            f"{victim.name} was cut off for {back_at - gone_at:.2f} s (TCP abort); "
            f"{other.name} said {len(missed)} things meanwhile."
        )

    async def _leave(self, room_id: str) -> None:
        left = [await person.client.rooms.leave(room_id) for person in self._people]
        try:
            await self._people[0].client.rooms.show(room_id)
        except NotFound:
            self._say("Both left, and the empty room is gone.")
        else:
            self._faults.append("the room is still there after both left")
        if left != [1, 0] or {await person.closed() for person in self._people} != {LEFT_CODE}:
            self._faults.append(f"leaving did not close the WebSockets with {LEFT_CODE}, or miscounted: {left}")

    async def _stored(self, room_id: str, said: list[Said]) -> Stored:
        since = max(one.acked_at for one in said)
        stored = await asyncio.to_thread(Storage(self._platform).wait_for, room_id, len(said), since=since)
        self._say(
            f"DynamoDB has {len(stored.messages)} of {len(said)} messages, "
            f"seen there {stored.seconds:.2f} s after the last acknowledgement."
        )
        return stored

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, soft_wrap=True)
