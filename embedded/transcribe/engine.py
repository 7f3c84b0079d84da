"""The hearing process as its parent sees it."""

import asyncio
from typing import Any, NamedTuple

from embedded.engine_process import EngineFailed, EngineProcess

HEAR_SECONDS = 180.0
"""The longest recording takes 30 s on an idle core."""
_LONGEST_LINE = 1024 * 1024


class Unheard(Exception):
    """The recording cannot be heard; the message says why."""


class HeardWord(NamedTuple):
    """A word with its punctuation, when it begins and ends, in seconds, and how sure it is, from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class Heard(NamedTuple):
    """What is said in a recording, and from when to when somebody speaks, in seconds."""

    words: list[HeardWord]
    speech: list[tuple[float, float]]


class Engine:
    """One process, one recording at a time."""

    def __init__(self, module: str = "embedded.transcribe.hearing") -> None:
        """Start nothing yet."""
        self.process = EngineProcess(module, longest_line=_LONGEST_LINE)

    @property
    def is_busy(self) -> bool:
        """Tell whether a recording is being heard now."""
        return self.process.turn.locked()

    async def warm_up(self) -> None:
        """Start the process, so that the first recording need not wait for it."""
        await self.process.warm_up()

    async def hear(self, content: bytes, media_format: str, *, hurried: bool = False) -> Heard:
        """Return what is said in a recording; `hurried` in half the time, and a little worse.

        Raises:
            EngineMissing: its libraries are not installed.
            EngineFailed: it gave no answer.
            Unheard: the recording is damaged, of another format, or too long.
        """
        async with self.process.turn:
            try:
                answer = await asyncio.wait_for(self._ask(content, media_format, hurried), HEAR_SECONDS)
            except (TimeoutError, OSError, ValueError) as problem:
                await self.process.end()
                raise EngineFailed(f"The hearing process gave no answer: {problem!r}") from problem
            except asyncio.CancelledError:
                await self.process.end()  # its answer would be taken for the next recording's
                raise
        if "unheard" in answer:
            raise Unheard(answer["unheard"])
        return Heard([HeardWord(*word) for word in answer["words"]], [(start, end) for start, end in answer["speech"]])

    async def _ask(self, content: bytes, media_format: str, hurried: bool) -> dict[str, Any]:
        await self.process.send({"size": len(content), "format": media_format, "hurried": hurried}, content)
        return await self.process.line()
