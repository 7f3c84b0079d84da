"""What is pushed to a person, once and in order over every cut: one event stream for all listeners."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from types import TracebackType

from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import CLOSED_HERE, Ended, Refused, SpeakTrackerError, Unreachable
from speaktracker_client.models import Push
from speaktracker_client.session import Session

SILENT_SECONDS = 40.0
"""A comment comes every 15 s: a stream that is silent for longer than two of them is gone."""
LOST = Push("resync", {"type": "resync"})
"""What tells listeners that the platform does not remember where they were: read anew what matters."""


class Listening:
    """One listener: an asynchronous iterator of pushes, which waits for the next one.

    Used by `async with`, it hears everything that is pushed from then on. Only iterated over, from the first step on.
    """

    def __init__(self, events: Events, types: frozenset[str]) -> None:
        """Hear these types of pushes, all of them where none is named, and `resync` always."""
        self._events, self._types = events, types
        self._heard: asyncio.Queue[Push | SpeakTrackerError] = asyncio.Queue()
        self._is_open = False

    async def __aenter__(self) -> Listening:
        if not self._is_open:
            self._is_open = True
            await self._events._join(self)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _place: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self) -> Listening:
        return self

    async def __anext__(self) -> Push:
        await self.__aenter__()
        one = await self._heard.get()
        if isinstance(one, Push):
            return one
        self._heard.put_nowait(one)  # whoever asks again learns it too
        if isinstance(one, Ended) and one.code == CLOSED_HERE:
            raise StopAsyncIteration
        raise one

    async def close(self) -> None:
        """Hear no more; the last listener closes the stream. Again is fine."""
        await self._events._leave(self)

    def _hear(self, one: Push | SpeakTrackerError) -> None:
        if isinstance(one, SpeakTrackerError) or one is LOST or not self._types or one.type in self._types:
            self._heard.put_nowait(one)


class Events:
    """One event stream while somebody listens. After a cut it goes on after the last push that came."""

    def __init__(self, session: Session, backoff: Backoff) -> None:
        """Open nothing yet."""
        self._session, self._backoff = session, backoff
        self._listeners: set[Listening] = set()
        self._pump: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._end: SpeakTrackerError | None = None
        self.last_id: str | None = None
        self.openings = 0

    def listening(self, *types: str) -> Listening:
        """Return a listener to these types of pushes, or to all."""
        return Listening(self, frozenset(types))

    async def close(self) -> None:
        """End every listener and the stream. Again is fine."""
        self._tell(Ended(CLOSED_HERE, "closed here"))
        self._listeners.clear()
        await self._stop()

    async def _join(self, listener: Listening) -> None:
        self._listeners.add(listener)
        if self._pump is None or self._pump.done():
            self._opened.clear()
            self._end, self.last_id = None, None
            self._pump = asyncio.create_task(self._run())
        async with AsyncExitStack() as refused:
            refused.push_async_callback(self._leave, listener)
            await self._opened.wait()
            if self._end is not None:
                raise self._end
            refused.pop_all()

    async def _leave(self, listener: Listening) -> None:
        self._listeners.discard(listener)
        if not self._listeners:
            await self._stop()

    async def _stop(self) -> None:
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
            await asyncio.wait({pump})

    async def _run(self) -> None:
        """Read one stream after the other, until the platform ends it for good."""
        attempt = 0
        try:
            while True:
                before = self.openings
                with suppress(Unreachable):
                    await self._read_one()
                attempt = 0 if self.openings > before else attempt + 1
                await asyncio.sleep(self._backoff.seconds(attempt))
        except SpeakTrackerError as problem:
            self._finish(problem)

    async def _read_one(self) -> None:
        headers = {"Last-Event-ID": self.last_id} if self.last_id is not None else {}
        is_greeting = True
        try:
            async for event, data, event_id in _events(self._session.lines("/api/events", headers, SILENT_SECONDS)):
                self.last_id = event_id or self.last_id
                if is_greeting:
                    is_greeting = False
                    self.openings += 1
                    self._opened.set()
                if event == "resync":
                    self._tell(LOST)
                elif event is not None and event != "paused":
                    self._tell(Push(event, json.loads(data)))
        except Refused as refused:
            if not refused.is_retryable:
                raise
            await asyncio.sleep(refused.retry_after or 0.0)

    def _tell(self, one: Push | SpeakTrackerError) -> None:
        for listener in [*self._listeners]:
            listener._hear(one)

    def _finish(self, problem: SpeakTrackerError) -> None:
        self._end = problem
        self._opened.set()
        self._tell(problem)


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str | None, str, str | None]]:
    """Read the events of a stream by the rules of WHATWG: name, data and id; the greeting has no name."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        elif fields:
            yield fields.get("event"), fields.get("data", ""), fields.get("id")
            fields = {}
