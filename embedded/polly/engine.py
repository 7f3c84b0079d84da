"""The speaking process as its parent sees it: started when it is first needed, and again when it died."""

import asyncio
import json
import sys
from typing import Any, NamedTuple

SPEAK_SECONDS = 20.0
_LONGEST_LINE = 4 * 1024 * 1024


class EngineMissing(Exception):
    """Nothing speaks here; the message says what to install."""


class EngineFailed(Exception):
    """The process died, hung or refused; the next request finds a new one."""


class Spoken(NamedTuple):
    """Audio (none for marks), and for each word its first and last character and its time in milliseconds."""

    audio: bytes
    words: list[tuple[int, int, int]]


class Engine:
    """One process, one request at a time; on the event loop that it is first used on."""

    def __init__(self, module: str = "embedded.polly.speaking") -> None:
        """Start nothing yet."""
        self._command = (sys.executable, "-m", module)
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def speak(self, **request: Any) -> Spoken:
        """Return what the process says.

        Raises:
            EngineMissing: its engine is not installed.
            EngineFailed: it gave no answer.
        """
        async with self._turn:
            try:
                return await asyncio.wait_for(self._ask(request), SPEAK_SECONDS)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as problem:
                await self._end()
                raise EngineFailed(f"The speaking process gave no answer: {problem!r}") from problem
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for the next request's
                raise

    async def _ask(self, request: dict[str, Any]) -> Spoken:
        process = await self._living()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line and await process.wait() == 1 and not await self._is_installed():
            raise EngineMissing("Speech needs espeakng-loader and lameenc: pip install 'speaktracker[local]'.")
        head = json.loads(line)
        if "refused" in head:
            raise ValueError(head["refused"])
        return Spoken(await process.stdout.readexactly(head["size"]), [tuple(word) for word in head["words"]])

    async def _living(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, limit=_LONGEST_LINE
            )
        return self._process

    async def _is_installed(self) -> bool:
        """Tell whether the engine's packages can be imported, by a process: this one must never have them."""
        probe = (sys.executable, "-c", "import espeakng_loader, lameenc")
        quiet = asyncio.subprocess.DEVNULL
        return await (await asyncio.create_subprocess_exec(*probe, stderr=quiet)).wait() == 0

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
