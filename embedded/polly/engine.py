"""The speaking process as its parent sees it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from embedded.engine_process import EngineFailed, EngineMissing, EngineProcess

SPEAK_SECONDS = 20.0
_LONGEST_LINE = 4 * 1024 * 1024


class Spoken(NamedTuple):
    """A piece of audio (empty for marks), and for each of its words first and last character and milliseconds."""

    audio: bytes
    words: list[tuple[int, int, int]]


class Engine:
    """One process, one text at a time."""

    def __init__(self, module: str = "embedded.polly.speaking") -> None:
        """Start nothing yet."""
        self.process = EngineProcess(module, longest_line=_LONGEST_LINE)
        self._speaking: set[asyncio.Task[None]] = set()

    async def warm_up(self) -> None:
        """Start the process, so that the first text need not wait for it."""
        await self.process.warm_up()

    async def speak(self, **request: Any) -> AsyncIterator[Spoken]:
        """Yield what the process says, as it says it; a slow consumer delays no other request.

        Raises:
            EngineMissing: its models are not installed.
            EngineFailed: it gave no answer.
        """
        pieces: asyncio.Queue[Spoken | Exception | None] = asyncio.Queue()
        task = asyncio.create_task(self._spoken(request, pieces))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)
        while (piece := await pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def _spoken(self, request: dict[str, Any], pieces: "asyncio.Queue[Spoken | Exception | None]") -> None:
        async with self.process.turn:
            try:
                await asyncio.wait_for(self._ask(request, pieces), SPEAK_SECONDS)
            except EngineMissing as problem:
                pieces.put_nowait(problem)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError, KeyError) as problem:
                await self.process.end()
                pieces.put_nowait(EngineFailed(f"The speaking process gave no answer: {problem!r}"))
            except asyncio.CancelledError:
                await self.process.end()  # its answer would be taken for the next request's
                raise
            else:
                pieces.put_nowait(None)

    async def _ask(self, request: dict[str, Any], pieces: "asyncio.Queue[Spoken | Exception | None]") -> None:
        await self.process.send(request)
        while "end" not in (head := await self.process.line()):
            pieces.put_nowait(Spoken(await self.process.content(head["size"]), head["words"]))
