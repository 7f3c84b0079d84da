"""All learners of a load: signed in a few at a time, put into rooms, measured for a bounded time, and let go."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from cli.loading.learners import ROOM_OF, Learner, converse, listen, practise, shares, sign_in, talk
from cli.loading.people import Login
from cli.loading.record import Record
from cli.scaling.habits import LISTEN, PARTNER, PRACTISE, TALK
from speaktracker_client.room_connection import RoomConnection

AT_ONCE = 8
"""Sign-ins at once: a password takes the server a tenth of a second."""
SETTLE_SECONDS = 5.0


@dataclass
class Crowd:
    """So many learners of one platform."""

    base: str
    logins: list[Login]
    pace: float = 1.0
    only: str | None = None
    has_channels: bool = True
    record: Record = field(default_factory=Record)
    learners: dict[str, list[Learner]] = field(default_factory=dict)

    async def stay(self, seconds: float, begun: Callable[[], None], ended: Callable[[], None]) -> None:
        """Let everybody in, measure for so long, and let them go; `begun` and `ended` frame what is measured."""
        async with AsyncExitStack() as leaving:
            await self._enter(leaving)
            rooms = await self._rooms(leaving)
            doing = [asyncio.create_task(one) for one in self._doing(rooms)]
            leaving.push_async_callback(_cancel, doing)
            await asyncio.sleep(SETTLE_SECONDS)
            begun()
            self.record.is_open = True
            await self._watch(doing, seconds)
            self.record.is_open = False
            ended()

    def actions(self) -> dict[str, int]:
        """Return how often each thing was done while it was measured."""
        return {habit: sum(one.actions for one in learners) for habit, learners in self.learners.items()}

    async def _watch(self, doing: list[asyncio.Task[None]], seconds: float) -> None:
        """Let the time pass; whoever stopped before its end failed, and is counted with the reason."""
        await asyncio.sleep(seconds)
        for task in doing:
            if task.done() and (problem := task.exception()) is not None:
                causes = problem.exceptions if isinstance(problem, BaseExceptionGroup) else (problem,)
                self.record.failures.update(f"a learner stopped: {type(one).__name__} {one}" for one in causes)

    async def _enter(self, leaving: AsyncExitStack) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def enter(number: int, login: Login) -> Learner:
            async with gate:
                client = await sign_in(self.base, login, leaving)
                if self.has_channels:
                    await leaving.enter_async_context(client.channel())
                return Learner(number, client, self.record, self.pace)

        found = iter(await asyncio.gather(*(enter(*one) for one in enumerate(self.logins))))
        for habit, count in shares(len(self.logins), self.only).items():
            self.learners[habit] = [next(found) for _ in range(count)]

    async def _rooms(self, leaving: AsyncExitStack) -> dict[int, RoomConnection]:
        """Open a room for each who talks, with those who listen, and return everybody's connection by number."""
        listeners = list(self.learners.get(LISTEN, []))
        found: dict[int, RoomConnection] = {}
        for talker in self.learners.get(TALK, []):
            company = [talker, *listeners[: ROOM_OF - 1]]
            del listeners[: ROOM_OF - 1]
            room = await talker.client.rooms.create(f"Load {talker.number}", "beginner", max_members=ROOM_OF)
            opened = [one.client.room(room.room_id) for one in company]
            await asyncio.gather(*(leaving.enter_async_context(one) for one in opened))
            found |= {one.number: connection for one, connection in zip(company, opened, strict=True)}
        return found

    def _doing(self, rooms: dict[int, RoomConnection]) -> list[Coroutine[Any, Any, None]]:
        """Begin what everybody does; where all do one thing, the others in their rooms do nothing that is counted."""
        told = self.learners
        return [
            *(talk(one, rooms[one.number], once=self.only == LISTEN) for one in told.get(TALK, [])),
            *(listen(one, rooms[one.number], looks_back=self.only != TALK) for one in told.get(LISTEN, [])),
            *map(practise, told.get(PRACTISE, [])),
            *map(converse, told.get(PARTNER, [])),
        ]


async def _cancel(doing: list[asyncio.Task[None]]) -> None:
    for task in doing:
        task.cancel()
    await asyncio.gather(*doing, return_exceptions=True)
