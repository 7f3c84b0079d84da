"""The load of a drill: people who talk in one room, each as a real client over the network."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from cli.demo_people import Person, sign_up
from cli.drills.jobs import arguments_of_letters
from cli.drills.record import Outcome, Record, judge
from cli.drills.scene import Scene, until
from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import SpeakTrackerError

PACE_SECONDS = 0.06
"""A little slower than 40 frames in two seconds."""
PATIENCE_SECONDS = 180.0
QUIET_SECONDS = 240.0
_IMPATIENT = Backoff(first=0.2, longest=1.0)


@dataclass
class Talk:
    """People in a room; each says its next thing when the last was acknowledged, until it is told to stop."""

    scene: Scene
    people: list[Person]
    room_id: str
    record: Record = field(default_factory=Record)
    _speaking: list[asyncio.Task[None]] = field(default_factory=list)
    _is_over: bool = False

    def begin(self) -> None:
        """Let everybody speak."""
        self._speaking = [asyncio.create_task(self._speak(person)) for person in self.people]

    async def said(self, count: int, seconds: float = PATIENCE_SECONDS) -> None:
        """Return when so many more things were acknowledged."""
        goal = len(self.record.acknowledged) + count
        await until(lambda: self._has_failed() or len(self.record.acknowledged) >= goal, f"{count} said", seconds)

    async def recovered(self) -> float:
        """Return the seconds from now until a thing that is said from now on is acknowledged, and the table has all
        that was acknowledged before.
        """
        began = time.perf_counter()
        before = {one.ack.message_id for one in self.record.acknowledged.values()}

        def is_well() -> bool:
            return self._has_failed() or (self.record.acknowledged_after(began) and before <= self._stored_ids())

        await until(is_well, "recovered", PATIENCE_SECONDS)
        return time.perf_counter() - began

    async def end(self) -> None:
        """Let everybody fall silent, and return when all that was said has been dealt with."""
        self._is_over = True
        for problem in await asyncio.gather(*self._speaking, return_exceptions=True):
            if isinstance(problem, BaseException):
                self.record.refused[f"{type(problem).__name__}: {problem}"] += 1
        await self.scene.relay.copied_all()
        await until(self.scene.is_quiet, "the queue is empty", QUIET_SECONDS)

    async def hush(self) -> None:
        """Let everybody finish what they are saying, and say no more by themselves."""
        self._is_over = True
        await asyncio.gather(*self._speaking)
        self._speaking = []

    async def all_shown_stored(self) -> float:
        """Return the seconds from now until the table has all that anybody heard."""
        began = time.perf_counter()
        shown = {one.message.message_id for person in self.people for one in person.heard}
        await until(lambda: shown <= self._stored_ids(), "what was shown is stored", PATIENCE_SECONDS)
        return time.perf_counter() - began

    async def judged(self, recovery: float, *, in_order: bool = True) -> Outcome:
        """End the talk and compare it with the table."""
        await self.end()
        for person in self.people:
            self.record.shown.update({one.message.message_id: one.message.content for one in person.heard})
        items = await asyncio.to_thread(self.scene.storage.items, self.room_id)
        letters = await asyncio.to_thread(arguments_of_letters, self.scene)
        outcome = judge(self.record, items, in_order=in_order, letters=letters)
        outcome.recovery = recovery
        outcome.faults += [f"{count} times a client was told {what}" for what, count in self.record.refused.items()]
        outcome.faults += [f"{person.name} heard something twice" for person in self.people if _heard_twice(person)]
        return outcome

    async def _speak(self, person: Person) -> None:
        number = 0
        while not self._is_over:
            number += 1
            await self.say(person, f"{person.name} {number}")
            await asyncio.sleep(PACE_SECONDS)

    async def say(self, person: Person, words: str) -> None:
        """Say something, again by the client as long as that may help, and record the acknowledgement."""
        self.record.send(words)
        ack = await person.connection.send_message(words, seconds=PATIENCE_SECONDS)
        self.record.acknowledge(words, ack)

    def _has_failed(self) -> bool:
        """Tell whether somebody speaks no more, so that nobody waits for what cannot come."""
        return any(task.done() for task in self._speaking)

    def _stored_ids(self) -> set[str]:
        return {message_id for message_id, _, _ in self.scene.storage.read(self.room_id)}


@asynccontextmanager
async def a_talk(scene: Scene, *, people: int = 4) -> AsyncIterator[Talk]:
    """Give a talk that has begun, of people who signed up for it, and let them go afterwards."""
    crowd = await asyncio.gather(*(sign_up(scene.platform, f"Speaker-{one}", _IMPATIENT) for one in range(people)))
    try:
        room = await crowd[0].client.rooms.create("Drill", "beginner", max_members=people)
        for person in crowd:
            await person.enter(room.room_id)
        talk = Talk(scene, list(crowd), room.room_id)
        talk.begin()
        try:
            yield talk
        finally:
            for task in talk._speaking:
                task.cancel()
    finally:
        await asyncio.gather(*(_gone(person) for person in crowd))


async def _gone(person: Person) -> None:
    with suppress(SpeakTrackerError):  # its connection was over before
        await person.go()


def _heard_twice(person: Person) -> bool:
    ids = [one.message.message_id for one in person.heard]
    return len(ids) != len(set(ids))
