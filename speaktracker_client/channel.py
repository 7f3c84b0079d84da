"""A connection that comes back by itself: opens WebSockets one after the other until it is over for good."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Generic, TypeVar

from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import CLOSED_HERE, Ended, Refused, SpeakTrackerError, TimedOut, Unreachable
from speaktracker_client.exchanges import Exchanges
from speaktracker_client.link import Cut, Link

GREETING = "connected"
ANSWER_SECONDS = 30.0
FINAL_CODES = frozenset({4401, 4403, 4404, 4429})

Heard = TypeVar("Heard")
Own = TypeVar("Own", bound="Channel[Any]")


class Channel(Generic[Heard]):
    """Iterating over it yields what the platform says by itself, and goes on through every cut.

    What is not iterated over is kept in memory. Iteration stops when `close` was called, and raises when the
    platform ended the connection: Ended, or Refused where coming back was refused.
    """

    def __init__(self, backoff: Backoff) -> None:
        """Wait between attempts as `backoff` says."""
        self._backoff = backoff
        self._attempt = 0
        self._link: Link | None = None
        self._live = asyncio.Event()
        self._heard: asyncio.Queue[Heard | None] = asyncio.Queue()
        self._exchanges = Exchanges(self._send, backoff)
        self._task: asyncio.Task[None] | None = None
        self._end: SpeakTrackerError | None = None
        self.openings = 0

    @property
    def is_live(self) -> bool:
        """Tell whether a WebSocket is open and up to date."""
        return self._live.is_set()

    @property
    def is_over(self) -> bool:
        """Tell whether it does not come back any more."""
        return self._end is not None

    async def open(self: Own) -> Own:
        """Open the connection; from now on it comes back by itself.

        Raises:
            Refused: the platform said no.
            Unreachable: it did not answer.
            TimedOut: it was not up to date within 30 s.
        """
        link = await self._dial()
        self._task = asyncio.create_task(self._keep(link))
        self._task.add_done_callback(self._kept)
        async with AsyncExitStack() as undone:
            undone.push_async_callback(self.close)
            await self.wait_live()
            undone.pop_all()
        return self

    async def wait_live(self, seconds: float = ANSWER_SECONDS) -> None:
        """Wait until the connection is open and up to date.

        Raises:
            TimedOut: it was not in that time.
            SpeakTrackerError: the connection is over.
        """
        assert self._task is not None, "open it first"
        live = asyncio.create_task(self._live.wait())
        try:
            done, _ = await asyncio.wait({live, self._task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            live.cancel()
        if self._end is not None:
            raise self._end
        if not done:
            raise TimedOut

    async def close(self) -> None:
        """Close the connection; requests that wait get Ended, iteration stops after what was heard. Again is fine."""
        if self._end is None:
            self._finish(Ended(CLOSED_HERE, "closed here"))
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.exception()  # whoever waited was told of it
        if self._link is not None:
            await self._link.close()

    def abort(self) -> None:
        """Drop the TCP connection without a word, as a lost network does; it comes back by itself. For drills."""
        if self._link is not None:
            self._link.abort()

    async def ping(self, seconds: float = ANSWER_SECONDS) -> None:
        """Return when the platform has answered. Raises as `Exchanges.ask` does."""
        await self._ask({"action": "ping"}, answered_by="pong", seconds=seconds)

    async def __aenter__(self: Own) -> Own:
        return await self.open()

    async def __aexit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _place: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self: Own) -> Own:
        return self

    async def __anext__(self) -> Heard:
        one = await self._heard.get()
        if one is not None:
            return one
        self._heard.put_nowait(None)  # for other iterations, and later ones
        if self._end is None or _is_ours(self._end):
            raise StopAsyncIteration
        raise self._end

    async def _dial(self) -> Link:
        """Open one WebSocket."""
        raise NotImplementedError

    async def _greeted(self, fields: dict[str, Any]) -> None:
        """Act on the first frame of a WebSocket; call `_caught_up` when it is up to date."""
        raise NotImplementedError

    async def _received(self, fields: dict[str, Any]) -> None:
        """Act on a frame that answers no request."""
        raise NotImplementedError

    def _lost(self) -> None:
        """Stop what belongs to a WebSocket that is gone."""

    async def _ask(self, fields: dict[str, Any], *, answered_by: str, seconds: float | None) -> dict[str, Any]:
        if self._end is not None:
            raise self._end
        return await self._exchanges.ask(fields, answered_by=answered_by, seconds=seconds)

    def _say(self, one: Heard) -> None:
        self._heard.put_nowait(one)

    async def _caught_up(self) -> None:
        if self._live.is_set():
            return
        self._attempt = 0
        self._live.set()
        await self._exchanges.resend()

    async def _send(self, frame: str) -> None:
        """Send on the open WebSocket; where none is, what must arrive is sent again on the next."""
        if self._link is not None and self._live.is_set():
            with suppress(Cut):
                await self._link.send(frame)

    async def _keep(self, link: Link) -> None:
        try:
            while True:
                self._link = link
                self.openings += 1
                await self._converse(link)
                link = await self._redial()
        except SpeakTrackerError as problem:
            self._finish(problem)

    def _kept(self, task: asyncio.Task[None]) -> None:
        """Tell those who wait of whatever broke, or they would wait for ever."""
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            self._finish(SpeakTrackerError(f"the client failed: {problem!r}"))

    async def _converse(self, link: Link) -> None:
        give_up = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._give_up, link)
        try:
            greeting = await link.receive()
            while greeting.get("action") != GREETING:  # a gateway that is stopping says that it is closing, first
                greeting = await link.receive()
            await self._greeted(greeting)
            while True:
                fields = await link.receive()
                if not self._exchanges.answer(fields):
                    await self._received(fields)
        except Cut as cut:
            if cut.code in FINAL_CODES:
                raise Ended(cut.code, cut.reason) from cut
        finally:
            give_up.cancel()
            self._live.clear()
            self._lost()

    def _give_up(self, link: Link) -> None:
        """Drop a WebSocket that is open and is not brought up to date."""
        if not self._live.is_set():
            link.abort()

    async def _redial(self) -> Link:
        while True:
            await asyncio.sleep(self._backoff.seconds(self._attempt))
            self._attempt += 1
            try:
                return await self._dial()
            except Unreachable:
                continue
            except Refused as refused:
                if not refused.is_retryable:
                    raise

    def _finish(self, problem: SpeakTrackerError) -> None:
        self._end = problem
        self._live.clear()
        self._exchanges.fail(problem)
        self._heard.put_nowait(None)


def _is_ours(end: SpeakTrackerError) -> bool:
    return isinstance(end, Ended) and end.code == CLOSED_HERE
