"""The hearing process as its parent sees it: started when it is first needed, and again when it died."""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any, NamedTuple

HEAR_SECONDS = 180.0
"""The longest recording takes 30 s on an idle core."""
_LONGEST_LINE = 1024 * 1024
_EXTRA = "pip install 'speaktracker[local,speech]'"


class EngineMissing(Exception):
    """The speech models are not installed; the message says what to install."""


class EngineFailed(Exception):
    """The process died or hung; the next recording finds a new one."""


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
    """One process, one recording at a time; on the event loop that it is first used on."""

    def __init__(self, module: str = "embedded.transcribe.hearing") -> None:
        """Start nothing yet."""
        self._command = (sys.executable, "-m", module)
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_busy(self) -> bool:
        """Tell whether a recording is being heard now."""
        return self._turn.locked()

    async def warm_up(self) -> None:
        """Start the process, so that the first recording need not wait for it."""
        async with self._turn:
            await self._living()

    async def hear(self, content: bytes, media_format: str, *, hurried: bool = False) -> Heard:
        """Return what is said in a recording; `hurried` in half the time, and a little worse.

        Raises:
            EngineMissing: its libraries are not installed.
            EngineFailed: it gave no answer.
            Unheard: the recording is damaged, of another format, or too long.
        """
        async with self._turn:
            try:
                answer = await asyncio.wait_for(self._ask(content, media_format, hurried), HEAR_SECONDS)
            except (TimeoutError, OSError, ValueError) as problem:
                await self._end()
                raise EngineFailed(f"The hearing process gave no answer: {problem!r}") from problem
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for the next recording's
                raise
        if "unheard" in answer:
            raise Unheard(answer["unheard"])
        return Heard([HeardWord(*word) for word in answer["words"]], [(start, end) for start, end in answer["speech"]])

    async def _ask(self, content: bytes, media_format: str, hurried: bool) -> dict[str, Any]:
        process = await self._living()
        assert process.stdin is not None
        assert process.stdout is not None
        head = {"size": len(content), "format": media_format, "hurried": hurried}
        process.stdin.write(json.dumps(head).encode() + b"\n" + content)
        with suppress(ConnectionError):  # it died; the reason is raised below
            await process.stdin.drain()
        answer: dict[str, Any] = json.loads(await process.stdout.readline())
        if "missing" in answer:
            await process.wait()
            raise EngineMissing(f"{answer['missing']} ({_EXTRA})")
        return answer

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
