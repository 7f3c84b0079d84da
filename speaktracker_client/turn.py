"""One thing that is said to the AI partner: its answer word by word, and sentence by sentence as sound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from speaktracker_client.deadline import deadline
from speaktracker_client.errors import Refused, TimedOut
from speaktracker_client.exchanges import Waiting
from speaktracker_client.models import Reply

if TYPE_CHECKING:
    from speaktracker_client.user_channel import UserChannel

SILENT_SECONDS = 30.0
SOUND_SECONDS = 10.0
"""How long after the last word the sound of a sentence is waited for."""


@dataclass(frozen=True)
class Sound:
    """A sentence of an answer that can be heard: its number from 0, and an address that is good for one hour."""

    index: int
    url: str
    words_url: str | None = None


class Turn:
    """Iterate over it for the words as they come; then, or at once, `reply` returns the whole answer.

    `text` is what was said so far. Where a worker died the partner begins anew, with other words: `text` follows, and
    `on_restart` is called before the words that begin it. A cut on the way does not show: nothing comes twice.
    """

    def __init__(
        self,
        channel: Callable[[], Any],
        fields: dict[str, Any],
        *,
        on_restart: Callable[[], object] | None = None,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        """Say nothing yet; `channel` returns an awaitable of the user's channel, opened when it is needed."""
        self.request_id: str = fields["requestId"]
        self._fields, self._channel_of = fields, channel
        self._on_restart, self._silent = on_restart, silent_seconds
        self._channel: UserChannel | None = None
        self._waiting: Waiting | None = None
        self._heard: asyncio.Queue[str | None] = asyncio.Queue()
        self._sounds: asyncio.Queue[Sound] = asyncio.Queue()
        self._deltas: list[str] = []
        self._again = 0
        self._reply: Reply | None = None

    @property
    def text(self) -> str:
        """Return what was said so far."""
        return self._reply.response if self._reply is not None else "".join(self._deltas)

    def __aiter__(self) -> Turn:
        return self

    async def __anext__(self) -> str:
        if self._reply is None and self._waiting is None:
            await self._begin()
        while self._reply is None:
            piece = await self._next()
            if piece is not None:
                return piece
            await self._answered()
        raise StopAsyncIteration

    async def reply(self) -> Reply:
        """Return the whole answer.

        Raises:
            Refused: the partner cannot answer; one that may pass was tried again meanwhile.
            TimedOut: nothing came for 30 s; with `request_id` it can be asked again.
            Ended: the channel is over.
        """
        async for _ in self:
            pass
        assert self._reply is not None
        return self._reply

    async def sounds(self, wait_seconds: float = SOUND_SECONDS) -> AsyncIterator[Sound]:
        """Yield the sentences that can be heard, in their order; it ends when none came for so long after the words."""
        while True:
            try:
                async with deadline(wait_seconds if self._reply is not None else None):
                    yield await self._sounds.get()
            except TimeoutError:
                return

    async def stop(self) -> None:
        """Have the partner stop; `reply` then returns what it said until then. Lost where the connection is down."""
        if self._channel is not None:
            await self._channel.stop_partner(self.request_id)

    def close(self) -> None:
        """Wait for nothing more. Again is fine; the partner goes on, and the conversation keeps its answer."""
        if self._channel is not None:
            self._channel._forget(self.request_id)

    async def __aenter__(self) -> Turn:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _place: TracebackType | None
    ) -> None:
        self.close()

    async def _begin(self) -> None:
        if self._channel is None:
            self._channel = await self._channel_of()
        frame = json.dumps(self._fields, ensure_ascii=False)
        self._waiting = await self._channel._begin(self, frame)
        self._waiting.answer.add_done_callback(lambda _: self._heard.put_nowait(None))

    async def _next(self) -> str | None:
        try:
            async with deadline(self._silent):
                return await self._heard.get()
        except TimeoutError as late:
            self.close()
            raise TimedOut(self.request_id) from late

    async def _answered(self) -> None:
        """Take the answer; where it is a refusal that may pass, ask again a little later."""
        assert self._waiting is not None
        assert self._channel is not None
        self._channel._forget(self.request_id, keep_sounds=True)
        try:
            self._reply = Reply.of(self._waiting.answer.result())
        except Refused as refused:
            if not refused.is_retryable or refused.retry_after is None or refused.retry_after > self._silent:
                raise
            self._again += 1
            await asyncio.sleep(refused.retry_after)
            await self._begin()

    def _hear(self, delta: str, index: int) -> None:
        """Take a piece: one that came before is passed over, one that differs means that the partner began anew."""
        if index < len(self._deltas) and self._deltas[index] == delta:
            return
        if index < len(self._deltas):
            del self._deltas[index:]
            if self._on_restart is not None:
                self._on_restart()
        self._deltas.append(delta)
        self._heard.put_nowait(delta)

    def _sound(self, one: Sound) -> None:
        self._sounds.put_nowait(one)
