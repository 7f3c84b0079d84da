"""A speech engine's process as its parent sees it: started when it is first needed, and again when it died."""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

_EXTRA = "pip install 'speaktracker[local,speech]'"


class EngineMissing(Exception):
    """The speech models are not installed; the message says what to install."""


class EngineFailed(Exception):
    """The process died or hung; the next request finds a new one."""


class EngineProcess:
    """One process, one request at a time: hold `turn` from a request to the end of its answer.

    It lives on the event loop that it is first used on. Lines of an answer are at most `longest_line` bytes.
    """

    def __init__(self, module: str, *, longest_line: int) -> None:
        """Start nothing yet."""
        self.turn = asyncio.Lock()
        self._command = (sys.executable, "-m", module)
        self._longest_line = longest_line
        self._process: asyncio.subprocess.Process | None = None

    async def warm_up(self) -> None:
        """Start the process, so that the first request need not wait for it."""
        async with self.turn:
            await self._living()

    async def send(self, head: dict[str, Any], content: bytes = b"") -> None:
        """Send a request to the process, after starting it where there is none."""
        process = await self._living()
        assert process.stdin is not None
        process.stdin.write(json.dumps(head).encode() + b"\n" + content)
        with suppress(ConnectionError):  # it died; the reason is raised where its answer is read
            await process.stdin.drain()

    async def line(self) -> dict[str, Any]:
        """Return the next line of an answer.

        Raises:
            EngineMissing: it is that the models are not installed.
            ValueError: it is no line of an answer, or the process died.
        """
        process = self._process
        assert process is not None
        assert process.stdout is not None
        found: dict[str, Any] = json.loads(await process.stdout.readline())
        if "missing" in found:
            await process.wait()
            raise EngineMissing(f"{found['missing']} ({_EXTRA})")
        return found

    async def content(self, size: int) -> bytes:
        """Return so many bytes of an answer. Raises IncompleteReadError where it ends before."""
        assert self._process is not None
        assert self._process.stdout is not None
        return await self._process.stdout.readexactly(size)

    async def end(self) -> None:
        """Kill the process, as an answer left half read would be taken for the next request's."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _living(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, limit=self._longest_line
            )
        return self._process
