"""The speaking process as its parent sees it: started when it is first needed, and again when it died."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

SPEAK_SECONDS = 20.0
_LONGEST_LINE = 4 * 1024 * 1024
_EXTRA = "pip install 'speaktracker[local,speech]'"


class EngineMissing(Exception):
    """The speech models are not installed; the message says what to install."""


class EngineFailed(Exception):
    """The process died or hung; the next request finds a new one."""


class Spoken(NamedTuple):
    """A piece of audio (empty for marks), and for each of its words first and last character and milliseconds."""

    audio: bytes
    words: list[tuple[int, int, int]]


class Engine:
    """One process, one text at a time; on the event loop that it is first used on."""

    def __init__(self, module: str = "embedded.polly.speaking") -> None:
        """Start nothing yet."""
        self._command = (sys.executable, "-m", module)
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._speaking: set[asyncio.Task[None]] = set()

    async def warm_up(self) -> None:
        """Start the process, so that the first text need not wait for it."""
        async with self._turn:
            await self._living()

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
        async with self._turn:
            try:
                await asyncio.wait_for(self._ask(request, pieces), SPEAK_SECONDS)
            except EngineMissing as problem:
                pieces.put_nowait(problem)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError, KeyError) as problem:
                await self._end()
                pieces.put_nowait(EngineFailed(f"The speaking process gave no answer: {problem!r}"))
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for the next request's
                raise
            else:
                pieces.put_nowait(None)

    async def _ask(self, request: dict[str, Any], pieces: "asyncio.Queue[Spoken | Exception | None]") -> None:
        process = await self._living()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        while True:
            head = json.loads(await process.stdout.readline())
            if "missing" in head:
                await process.wait()
                raise EngineMissing(f"{head['missing']} ({_EXTRA})")
            if "end" in head:
                return
            pieces.put_nowait(Spoken(await process.stdout.readexactly(head["size"]), head["words"]))

    async def _living(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, limit=_LONGEST_LINE
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
