"""Whether the service speaks: what an operator looks at first, from outside, as a student's program would."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import SpeakTrackerError
from speaktracker_client.terminal.screen import Screen


async def check(client: SpeakTracker, screen: Screen) -> int:
    """Try one thing after the other, and write how long each took; 1 where any failed."""
    failed = 0
    for name, step in _STEPS.items():
        began = time.perf_counter()
        try:
            found = await step(client)
        except SpeakTrackerError as problem:
            failed += 1
            screen.word(f"FAILED  {name}: ", "red")
            screen.problem(problem)
        else:
            screen.line(f"{(time.perf_counter() - began) * 1000:6.0f} ms  {name}: {found}", "green")
    return min(failed, 1)


async def _rooms(client: SpeakTracker) -> str:
    return f"{len((await client.rooms.list()).rooms)} listed"


async def _room(client: SpeakTracker) -> str:
    room = await client.rooms.create("Check", "beginner")
    try:
        async with client.room(room.room_id) as connection:
            ack = await connection.send_message("Is anybody there?")
            return f"said and safe as number {ack.seq}"
    finally:
        await client.rooms.delete(room.room_id)


async def _partner(client: SpeakTracker) -> str:
    return repr((await client.ask("Please say hello.")).response[:60])


async def _voice(client: SpeakTracker) -> str:
    return f"{(await client.voice.speak('Is the service speaking?')).duration_ms} ms of sound"


_STEPS: dict[str, Callable[[SpeakTracker], Awaitable[str]]] = {
    "rooms": _rooms,
    "a message": _room,
    "the partner": _partner,
    "a voice": _voice,
}
