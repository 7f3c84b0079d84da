"""What a person says in a room while the network is away: kept in order, sent one by one, each until it is safe."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from speaktracker_client.errors import Ended, SpeakTrackerError
from speaktracker_client.models import Ack

Say = Callable[[dict[str, Any]], Awaitable[Ack]]


@dataclass(frozen=True)
class Outgoing:
    """Something that waits to be said; awaiting it returns its Ack, or raises what the platform refused it for."""

    fields: dict[str, Any]
    acknowledged: asyncio.Future[Ack] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def request_id(self) -> str:
        """Return the id under which it is said once, however often it is sent."""
        return str(self.fields["requestId"])

    def __await__(self) -> Any:
        return asyncio.shield(self.acknowledged).__await__()


class Outbox:
    """A queue of things to say. It has no bound of time: what waits is sent when the room is there again."""

    def __init__(self, say: Say) -> None:
        """`say` sends one thing and returns when it is safe."""
        self._say = say
        self._waiting: deque[Outgoing] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def unsent(self) -> list[dict[str, Any]]:
        """Return what is not known to be safe, in its order: a program that keeps it can `put` it after a restart."""
        return [dict(one.fields) for one in self._waiting]

    def put(self, fields: dict[str, Any]) -> Outgoing:
        """Queue something; it keeps its requestId for ever."""
        one = Outgoing({"requestId": str(uuid4())} | fields)
        self._waiting.append(one)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return one

    async def drained(self) -> None:
        """Return when nothing waits any more."""
        while self._waiting:
            await asyncio.wait({self._waiting[-1].acknowledged})
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Send nothing more; what waits stays in `unsent`, and whoever awaits it is cancelled."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        for one in self._waiting:
            one.acknowledged.cancel()

    async def _drain(self) -> None:
        while self._waiting:
            one = self._waiting[0]
            try:
                ack = await self._say(dict(one.fields))
            except Ended as problem:
                self._give_up(problem)
                return
            except (SpeakTrackerError, ValueError) as problem:
                self._waiting.popleft()
                if not one.acknowledged.done():
                    one.acknowledged.set_exception(problem)
                    one.acknowledged.exception()  # nobody must await it
            else:
                self._waiting.popleft()
                if not one.acknowledged.done():
                    one.acknowledged.set_result(ack)

    def _give_up(self, problem: Ended) -> None:
        """Tell whoever awaits that the connection is over; what waits stays in `unsent`."""
        for one in self._waiting:
            if not one.acknowledged.done():
                one.acknowledged.set_exception(problem)
                one.acknowledged.exception()
