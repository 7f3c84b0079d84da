"""What is said while it is said: partial results that may still change, and final ones that do not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from embedded.transcribe.engine import Engine, Heard, HeardWord

RATE = 16_000
BYTES_A_SECOND = 2 * RATE
PARTIAL_SECONDS = 0.5
"""New sound that a partial result waits for, at least."""
RESTED_SHARE = 1.5
"""For each second of hearing so many are left to others."""
SEGMENT_SECONDS, LONGEST_SEGMENT_SECONDS = 10.0, 25.0
"""From the one on, a pause ends a segment; at the other it ends anyway."""
PAUSE_SECONDS = 0.5


class Result(NamedTuple):
    """A segment as it is heard: words with their times in the whole recording, in seconds."""

    number: int
    start: float
    end: float
    words: list[HeardWord]
    is_partial: bool


Told = Callable[[Result], Awaitable[None]]


class Listening:
    """One recording that comes bit by bit; call `add` as it comes, and `run` beside it until `end` was called."""

    def __init__(self, engine: Engine, told: Told) -> None:
        """Tell results as they come."""
        self._engine, self._told = engine, told
        self._sound, self._begin, self._number = bytearray(), 0.0, 0
        self._has_ended, self._news = False, asyncio.Event()
        self._last: list[str] = []

    def add(self, sound: bytes) -> None:
        """Take signed 16-bit samples of one channel at 16 kHz."""
        self._sound += sound
        self._news.set()

    def end(self) -> None:
        """Take nothing more: what is left becomes final."""
        self._has_ended = True
        self._news.set()

    async def run(self) -> None:
        """Hear until the end. Raises what the engine raises."""
        heard_seconds, rest = 0.0, 0.0
        loop = asyncio.get_running_loop()
        while not self._has_ended:
            await self._more_than(heard_seconds + PARTIAL_SECONDS, rest)
            if self._has_ended:
                break
            begun = loop.time()
            heard_seconds = await self._partial()
            rest = RESTED_SHARE * (loop.time() - begun)
        await self._final(len(self._sound))

    @property
    def _seconds(self) -> float:
        return len(self._sound) / BYTES_A_SECOND

    async def _more_than(self, seconds: float, rest: float) -> None:
        """Return when there is more sound than this, and a rest was had, or nothing more comes."""
        until = asyncio.get_running_loop().time() + rest
        while not self._has_ended:
            left = until - asyncio.get_running_loop().time()
            if left <= 0 and self._seconds >= seconds:
                return
            self._news.clear()
            await _set_within(self._news, left if left > 0 else None)

    async def _partial(self) -> float:
        """Tell what is heard by now, and end the segment where that goes; return how much of it was heard."""
        size = len(self._sound)
        heard = await self._engine.hear(bytes(self._sound[:size]), "pcm", hurried=True)
        cut = _cut(heard, size / BYTES_A_SECOND)
        if cut is not None:
            await self._final(int(cut * RATE) * 2)
            return 0.0
        words = [word.text for word in heard.words]
        if words and words != self._last:
            self._last = words
            await self._tell(heard, size, is_partial=True)
        return size / BYTES_A_SECOND

    async def _final(self, size: int) -> None:
        """End a segment; what comes after it begins another."""
        heard = await self._engine.hear(bytes(self._sound[:size]), "pcm") if size else Heard([], [])
        if heard.words or self._last:
            await self._tell(heard, size, is_partial=False)
        del self._sound[:size]
        self._begin += size / BYTES_A_SECOND
        self._number, self._last = self._number + 1, []

    async def _tell(self, heard: Heard, size: int, *, is_partial: bool) -> None:
        words = [
            word._replace(start=round(word.start + self._begin, 3), end=round(word.end + self._begin, 3))
            for word in heard.words
        ]
        await self._told(Result(self._number, self._begin, self._begin + size / BYTES_A_SECOND, words, is_partial))


def _cut(heard: Heard, seconds: float) -> float | None:
    """Return where a segment may end: in its last pause, once it is long enough; None while it may not."""
    if seconds < SEGMENT_SECONDS:
        return None
    ends = [end for _, end in heard.speech]
    starts = [*(start for start, _ in heard.speech[1:]), seconds]
    pauses = [(end, start) for end, start in zip(ends, starts, strict=False) if start - end >= PAUSE_SECONDS]
    if pauses:
        return sum(pauses[-1]) / 2
    return seconds if seconds >= LONGEST_SEGMENT_SECONDS or not heard.speech else None


async def _set_within(event: asyncio.Event, seconds: float | None) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
