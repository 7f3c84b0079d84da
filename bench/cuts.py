"""`python -m bench.cuts`: whether what clients have heard is the server's log, through any number of cuts.

Ten people talk in one room of a platform of their own with two gateways. While they do, connections are cut without a
word, access tokens are made stale, and gateways are told to stop, all at random. At the end everybody's view, each
message in its order, is compared with the history. `CUTS` (1,000) and `MESSAGES` (10,000) set how much of it.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.demo_people import Person, sign_up
from cli.own_platform import OwnPlatform, own_platform
from cli.running import descendants, running
from speaktracker_client.backoff import Backoff
from speaktracker_client.client import SpeakTracker
from speaktracker_client.models import Message
from speaktracker_client.room_connection import RoomConnection

CUTS = int(os.environ.get("CUTS", "1000"))
MESSAGES = int(os.environ.get("MESSAGES", "10000"))
PEOPLE = 10
RESTARTS = 4
STALE_SHARE = 0.1
"""Of the cuts that come with a token that went stale."""
SETTLING_SECONDS = 300.0
_IMPATIENT = Backoff(first=0.1, longest=2.0)


@dataclass
class Talker:
    """Somebody in the room, with what they heard."""

    person: Person
    room: RoomConnection
    heard: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        """Note every message until the room is closed."""
        async for one in self.room:
            if isinstance(one, Message):
                self.heard.append(one.message_id)


@dataclass
class Outcome:
    """What came of a run."""

    said: int
    cuts: int
    restarts: int
    seconds: float
    log: list[str]
    views: list[list[str]]
    ended: list[str] = field(default_factory=list)
    """Why connections were over before their people left."""

    @property
    def differing(self) -> int:
        """Return how many views differ from the log."""
        return sum(view != self.log for view in self.views)


async def run(started: OwnPlatform, cuts: int, messages: int) -> Outcome:
    """Talk, cut and compare."""
    chance = random.Random(20261201)
    people = [await sign_up(started.platform, f"Talker{number}", _IMPATIENT) for number in range(PEOPLE)]
    room_id = (await people[0].client.rooms.create("Cuts", "beginner", max_members=PEOPLE)).room_id
    began = time.perf_counter()
    talkers = [Talker(person, await person.client.room(room_id).open()) for person in people]
    listening = [asyncio.create_task(talker.listen()) for talker in talkers]
    for number in range(messages):
        talkers[number % PEOPLE].room.post(f"thing {number}")
    restarts = await _disturb(started, talkers, cuts, chance)
    await asyncio.wait_for(asyncio.gather(*(talker.room.drained() for talker in talkers)), SETTLING_SECONDS)
    log = await _history(people[0].client, room_id)
    await _heard_all(talkers, len(log))
    outcome = Outcome(messages, cuts, restarts, time.perf_counter() - began, log, [one.heard for one in talkers])
    for talker in talkers:
        await talker.room.close()
        await talker.person.client.close()
    ends = await asyncio.gather(*listening, return_exceptions=True)
    outcome.ended = [repr(end) for end in ends if end is not None]
    return outcome


async def _disturb(started: OwnPlatform, talkers: list[Talker], cuts: int, chance: random.Random) -> int:
    """Cut connections, make tokens stale and stop gateways while people talk; return how many gateways stopped."""
    restarts = 0
    for number in range(cuts):
        left = sum(len(talker.room.unsent) for talker in talkers)
        await asyncio.sleep(chance.uniform(0.0, 0.1 if left else 0.02))
        talker = chance.choice(talkers)
        if chance.random() < STALE_SHARE:
            _make_stale(talker.person.client)
        talker.room.abort()
        if number % (cuts // RESTARTS + 1) == cuts // RESTARTS // 2:
            restarts += _stop_a_gateway(started)
    return restarts


def _make_stale(client: SpeakTracker) -> None:
    """Let the next call be refused, as where a token was revoked: the client renews it."""
    session = client._session
    if session._tokens is not None:
        session.signed_in(replace(session._tokens, access="stale"))


def _stop_a_gateway(started: OwnPlatform) -> int:
    """Tell one process of the gateway to stop; gunicorn begins another."""
    table = running()
    masters = {one.pid for one in table.values() if "web.wsgi:app" in one.command}
    ours = [pid for pid in descendants(started.pid, table) if pid in table and table[pid].parent in masters]
    if ours:
        os.kill(ours[0], signal.SIGTERM)
    return len(ours[:1])


async def _history(client: SpeakTracker, room_id: str) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = await client.rooms.messages(room_id, cursor=cursor, limit=100)
        found += [one.message_id for one in page.messages]
        cursor = page.cursor
        if cursor is None:
            return found[::-1]


async def _heard_all(talkers: list[Talker], count: int) -> None:
    deadline = time.monotonic() + SETTLING_SECONDS
    while any(len(talker.heard) < count for talker in talkers) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


def main() -> int:
    """Print what came of it; 1 where any view differs from the log, or anything is missing or doubled."""
    with tempfile.TemporaryDirectory() as own, own_platform(Path(own) / "run", WEB_CONCURRENCY="2") as started:
        outcome = asyncio.run(run(started, CUTS, MESSAGES))
    table = Table("said", "in the log", "cuts", "gateways stopped", "seconds", "views that differ")
    told = (outcome.said, len(outcome.log), outcome.cuts, outcome.restarts, round(outcome.seconds), outcome.differing)
    table.add_row(*map(str, told))
    Console().print(table)
    for end in outcome.ended:
        Console().print(end, markup=False)
    is_whole = len(outcome.log) == len(set(outcome.log)) == outcome.said
    return 0 if is_whole and not outcome.differing else 1


if __name__ == "__main__":
    sys.exit(main())
