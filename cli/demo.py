"""`speaktracker demo`: two people meet in a room, one loses the network, and nothing is lost."""

import asyncio
import secrets
import time
from pathlib import Path

import click

from cli.demo_people import Person, Said
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_report import faults_of, show_people, show_times, storage_faults
from cli.demo_storage import Storage, Stored
from cli.demo_walk import Walk
from cli.refusals import Refusing
from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import Forbidden, NotFound

TOGETHER = 20
DURING_CUT = 15
WAITING = 3
PAUSE_SECONDS = 0.06  # 40 frames in any two seconds are allowed
LEFT_CODE = 4403
AWAY = Backoff(first=1.0)


@click.command(cls=Refusing)
@of_run_directory
def demo(directory: Path) -> None:
    """Walk through the product against the platform that `make run` started.

    Two people sign up, talk in a private room, one is cut off and comes back. Exits with 1 if any message is missing,
    doubled or out of order anywhere, DynamoDB included.
    """
    RoomWalk(find_platform(directory)).take()


class RoomWalk(Walk):
    """Two people in a private room."""

    goal = "Everything said was seen and stored: once each, and in order."

    def __init__(self, platform: RunningPlatform) -> None:
        """Nobody has said anything yet."""
        super().__init__(platform)
        self._password = secrets.token_urlsafe(9)
        self._said: list[Said] = []
        self._steady: list[Said] = []

    async def walk(self) -> None:
        """Walk from the sign-up to the empty room."""
        jimin, seoyeon = [await self.person(name, AWAY) for name in ("Jimin", "Seoyeon")]
        self.say(f"{jimin.name} and {seoyeon.name} have signed up, proved their e-mails and signed in.")
        room_id = await self._open_room(jimin, seoyeon)
        await asyncio.gather(*(person.talk(TOGETHER, pause=PAUSE_SECONDS) for person in self.people))
        self._steady = [*jimin.said, *seoyeon.said]
        await self._cut(seoyeon, jimin)
        self._said = [*jimin.said, *seoyeon.said]
        await asyncio.gather(*(person.hear(len(self._said)) for person in self.people))
        await self._leave(room_id)
        self.faults += storage_faults(await self._stored(room_id), self._said)

    def show(self) -> None:
        """Show what each person saw, and how long it took."""
        show_people(self.console, self.people, self._said)
        show_times(self.console, self.people, self._steady)
        for person in self.people:
            self.faults += faults_of(person, self._said)

    async def _open_room(self, owner: Person, guest: Person) -> str:
        room = await owner.client.rooms.create("Small talk", "intermediate", password=self._password, max_members=2)
        self.say(f"{owner.name} made the private room {room.room_id}.")
        wrong = guest.client.rooms.join(room.room_id, "a wrong password")
        refused = await self.require_refusal(wrong, "a wrong password opened the private room", Forbidden)
        self.say(f"{guest.name} tried a wrong password and was refused: {refused}")
        for person in self.people:
            await person.enter(room.room_id, self._password)
        self.say("Both are in the room.")
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
        self.check(victim.connection.openings != openings and bool(missed), f"{victim.name} was not really cut off")
        self.say(
            f"{victim.name} was cut off for {back_at - gone_at:.2f} s (TCP abort); "
            f"{other.name} said {len(missed)} things meanwhile."
        )

    async def _leave(self, room_id: str) -> None:
        left = [await person.client.rooms.leave(room_id) for person in self.people]
        gone = self.people[0].client.rooms.show(room_id)
        await self.require_refusal(gone, "the room is still there after both left", NotFound)
        codes = {await person.closed() for person in self.people}
        fault = f"leaving did not close the WebSockets with {LEFT_CODE}, or miscounted: {left}"
        self.check(left == [1, 0] and codes == {LEFT_CODE}, fault)
        self.say("Both left, and the empty room is gone.")

    async def _stored(self, room_id: str) -> Stored:
        since, count = max(one.acked_at for one in self._said), len(self._said)
        stored = await asyncio.to_thread(Storage(self.platform).wait_for, room_id, count, since=since)
        self.say(
            f"DynamoDB has {len(stored.messages)} of {count} messages, "
            f"seen there {stored.seconds:.2f} s after the last acknowledgement."
        )
        return stored
