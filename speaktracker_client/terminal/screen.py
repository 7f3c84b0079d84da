"""What is written to the terminal, in colours where rich is installed, and what is typed into it."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any

from speaktracker_client.errors import Refused, SpeakTrackerError


class Screen:
    """Writes lines and words; other people's words give the terminal no orders."""

    def __init__(self) -> None:
        """Use rich where it is there."""
        self._console: Any = None
        if importlib.util.find_spec("rich") is not None:
            self._console = importlib.import_module("rich.console").Console(highlight=False)

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line."""
        self._write(harmless(text), style, "\n")

    def word(self, text: str, style: str = "") -> None:
        """Write a piece of a line, at once."""
        self._write(harmless(text), style, "")

    def problem(self, problem: SpeakTrackerError) -> None:
        """Write what went wrong, and the id by which operators find it."""
        known = problem.request_id if isinstance(problem, Refused) else None
        self.line(f"{problem}{f' (requestId {known})' if known else ''}", "red")

    async def lines(self) -> AsyncIterator[str]:
        """Yield the lines that are typed, until there are no more."""
        typed: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(typed.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(typed.put_nowait, None)

        threading.Thread(target=read, daemon=True).start()  # nobody can wake a thread that reads a terminal
        while (line := await typed.get()) is not None:
            yield line

    def _write(self, text: str, style: str, end: str) -> None:
        if self._console is not None:
            self._console.print(text, style=style or None, end=end, markup=False)
        else:
            sys.stdout.write(text + end)
        sys.stdout.flush()


def harmless(text: str) -> str:
    """Return a text without the characters that a terminal takes as orders."""
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text)
