"""`python -m bench.accept`: how fast the platform accepts, and how soon what it accepted is stored.

One thing at a time on an idle machine, so that the figures are those of the path and not of a queue before it.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform
from cli.demo_storage import STORED_SECONDS, Storage

COUNT = 200
WARM_UP = 10
STORED_COUNT = 20
ACCEPT_LIMIT = 0.050
FRAME_PACE = 0.055  # 40 frames in any two seconds are allowed
REQUEST_PACE = 0.012  # and 200 requests
STORED_PACE = 0.25
STORED_POLL = 0.005


@dataclass(frozen=True)
class Figure:
    """One measured thing: its times in seconds, and the limit that its median (or its worst) must keep."""

    name: str
    seconds: list[float]
    limit: float
    judged_by_worst: bool = False

    @property
    def is_kept(self) -> bool:
        """Tell whether the limit is kept."""
        judged = max(self.seconds) if self.judged_by_worst else median(self.seconds)
        return judged <= self.limit

    def row(self) -> tuple[str, ...]:
        """Return the table's row, in milliseconds."""
        p99 = quantiles(self.seconds, n=100, method="inclusive")[98]
        times = [f"{seconds * 1000:.1f}" for seconds in (median(self.seconds), p99, max(self.seconds))]
        which = "max" if self.judged_by_worst else "median"
        limit = f"{which} {self.limit * 1000:.0f}"
        return (self.name, str(len(self.seconds)), *times, limit, "ok" if self.is_kept else "NOT OK")


async def timed(count: int, pace: float, call: Callable[[], Awaitable[object]]) -> list[float]:
    """Call so often, one after the other and at most once each `pace` seconds; return how long each took."""
    found = []
    for number in range(WARM_UP + count):
        began = time.perf_counter()
        await call()
        took = time.perf_counter() - began
        if number >= WARM_UP:
            found.append(took)
        await asyncio.sleep(max(0.0, pace - took))
    return found


async def messages(person: Person) -> list[Figure]:
    """Measure a room message from sending to its acknowledgement and to the sender's own push."""
    await timed(COUNT, FRAME_PACE, lambda: person.say("How was your day?"))
    await person.hear(len(person.said))
    pushed = {one.message.message_id: one.at for one in person.heard}
    said = person.said[WARM_UP:]
    return [
        Figure("room message, to its messageAck", [one.acked_at - one.sent_at for one in said], ACCEPT_LIMIT),
        Figure(
            "room message, to its own push", [pushed[one.ack.message_id] - one.sent_at for one in said], ACCEPT_LIMIT
        ),
    ]


async def rooms(person: Person) -> Figure:
    """Measure making a room; the rooms are deleted again."""
    made: list[str] = []

    async def make() -> None:
        made.append((await person.client.rooms.create("Bench", "beginner")).room_id)

    figure = Figure("POST /rooms", await timed(COUNT, REQUEST_PACE, make), ACCEPT_LIMIT)
    for room_id in made:
        await person.client.rooms.delete(room_id)
        await asyncio.sleep(REQUEST_PACE)
    return figure


async def reads(person: Person) -> Figure:
    """Measure an authenticated GET."""
    return Figure("GET /api/me", await timed(COUNT, REQUEST_PACE, person.client.account), ACCEPT_LIMIT)


async def storing(person: Person, room_id: str, platform: RunningPlatform) -> Figure:
    """Measure from sending a message until DynamoDB has it."""
    storage = Storage(platform)
    before, found = await asyncio.to_thread(storage.read, room_id), []
    for number in range(1, STORED_COUNT + 1):
        await person.say("Is it stored?")
        since = person.said[-1].sent_at
        stored = await asyncio.to_thread(
            storage.wait_for, room_id, len(before) + number, since=since, poll_seconds=STORED_POLL
        )
        found.append(stored.seconds)
        await asyncio.sleep(STORED_PACE)
    return Figure("room message, until it is in DynamoDB", found, STORED_SECONDS, judged_by_worst=True)


async def measure(platform: RunningPlatform) -> list[Figure]:
    """Measure everything with one new account."""
    person = await sign_up(platform, "Bench")
    try:
        room = await person.client.rooms.create("Bench", "beginner")
        await person.enter(room.room_id)
        found = [*await messages(person), await rooms(person), await reads(person)]
        await asyncio.to_thread(Storage(platform).wait_for, room.room_id, len(person.said), since=time.perf_counter())
        found.append(await storing(person, room.room_id, platform))
        await person.client.rooms.delete(room.room_id)
        return found
    finally:
        await person.go()


def main() -> None:
    """Measure and print; exits with 1 where a limit is not kept."""
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        figures = asyncio.run(measure(platform))
    table = Table("", "count", "median", "p99", "max", "limit", "", title="Accepting and storing (milliseconds)")
    for figure in figures:
        table.add_row(*figure.row())
    Console(width=120, highlight=False).print(table)
    kept = all(figure.is_kept for figure in figures)
    print("ok: every limit is kept" if kept else "NOT ok")
    raise SystemExit(not kept)


if __name__ == "__main__":
    main()
