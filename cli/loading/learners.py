"""What learners do, each a real client over the network, until they are told to go."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from cli.loading.people import Login
from cli.loading.record import DELIVERED, HEARD, MESSAGE, READ, SCORED, TURN, Record
from cli.scaling.habits import HABITS, LISTEN, PARTNER, PRACTISE, TALK
from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Message
from speaktracker_client.room_connection import RoomConnection

RECORDING = Path(__file__).resolve().parents[1] / "recordings" / "young_man.flac"
SENTENCE = "He was not an ill-disposed young man."
ROOM_OF = 6
SPOKEN_EVERY = 3
"""A listener has the last message spoken at each third look into the history."""
PACES = {habit.name: habit.every_seconds for habit in HABITS}
TURNS = (
    "Yesterday I go to the market with my sister.",
    "What would you recommend for dinner in Seoul?",
    "I am agree with you, the weather is very hot today.",
    "Could you tell me more about your weekend?",
    "I have been learning English since three years.",
)


@dataclass
class Learner:
    """Somebody who is signed in, with a pace and a place to note what they saw."""

    number: int
    client: SpeakTracker
    record: Record
    pace: float = 1.0
    actions: int = 0

    async def again(self, habit: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do something for ever at the habit's pace, beginning at a moment of one's own."""
        every = PACES[habit] / self.pace
        await asyncio.sleep(random.uniform(0, every))
        while True:
            began = time.perf_counter()
            await act()
            self.actions += self.record.is_open
            await asyncio.sleep(max(0.0, every * random.uniform(0.8, 1.2) - (time.perf_counter() - began)))


async def talk(learner: Learner, room: RoomConnection, *, once: bool = False) -> None:
    """Say something again and again, or once; what is said tells when, so that listeners know how long it took."""

    async def say() -> None:
        with learner.record.timed(MESSAGE):
            await room.send_message(f"{time.perf_counter():.6f} I went to the park, and you?")

    await (say() if once else learner.again(TALK, say))


async def listen(learner: Learner, room: RoomConnection, *, looks_back: bool = True) -> None:
    """Hear what the others say, look into the history, and now and then have the last message spoken."""
    heard: list[Message] = []
    looks = 0

    async def hear() -> None:
        async for push in room:
            if isinstance(push, Message):
                learner.record.add(DELIVERED, time.perf_counter() - float(push.content.split()[0]))
                heard[:] = [push]

    async def look() -> None:
        nonlocal looks
        looks += 1
        with learner.record.timed(READ):
            await learner.client.rooms.messages(room.room_id)
        if heard and looks % SPOKEN_EVERY == 0:
            with learner.record.timed(HEARD):
                await learner.client.voice.speak_message(room.room_id, heard[0].message_id, "female")

    async with asyncio.TaskGroup() as both:
        both.create_task(hear())
        if looks_back:
            both.create_task(learner.again(LISTEN, look))


async def practise(learner: Learner) -> None:
    """Say a sentence again and again, and have it scored."""
    recording = RECORDING.read_bytes()

    async def say() -> None:
        with learner.record.timed(SCORED):
            await learner.client.practice.evaluate(recording, SENTENCE)

    await learner.again(PRACTISE, say)


async def converse(learner: Learner) -> None:
    """Say something to the partner again and again, and hear it out."""

    async def say() -> None:
        with learner.record.timed(TURN):
            await learner.client.ask(random.choice(TURNS))

    await learner.again(PARTNER, say)


async def sign_in(base: str, login: Login, leaving: AsyncExitStack) -> SpeakTracker:
    """Return a client that is signed in, and closed when everybody leaves."""
    client = await leaving.enter_async_context(SpeakTracker(base))
    await client.login(login.email, login.password)
    return client


def shares(count: int, only: str | None) -> dict[str, int]:
    """Return how many learners do what; of a mix, those in rooms are what is left."""
    if only is not None:
        talkers = -(-count // ROOM_OF)
        return {TALK: talkers, LISTEN: count - talkers} if only in (TALK, LISTEN) else {only: count}
    apart = {habit.name: round(habit.share * count) for habit in HABITS if habit.name in (PRACTISE, PARTNER)}
    in_rooms = count - sum(apart.values())
    talkers = -(-in_rooms // ROOM_OF)
    return {TALK: talkers, LISTEN: in_rooms - talkers, **apart}
