"""Sound, where the machine has a program that plays it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

import httpx

PLAYERS = {
    "mpv": ["--really-quiet"],
    "mpg123": ["-q"],
    "ffplay": ["-nodisp", "-autoexit", "-loglevel", "quiet"],
    "afplay": [],
}


class Player:
    """Plays addresses one after the other; without a player nothing is fetched, and nothing is heard."""

    def __init__(self) -> None:
        """Look for a player."""
        self._program = next((found for name in PLAYERS if (found := shutil.which(name))), None)

    @property
    def name(self) -> str | None:
        """Return the player's name; None where there is none."""
        return Path(self._program).name if self._program else None

    async def play(self, url: str) -> None:
        """Return when it was heard. A sound that cannot be had is passed over."""
        if self._program is None:
            return
        async with httpx.AsyncClient(timeout=30.0, trust_env=False) as http:
            try:
                sound = (await http.get(url)).raise_for_status().content
            except httpx.HTTPError:
                return
        with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
            file.write(sound)
            file.flush()
            playing = await asyncio.create_subprocess_exec(self._program, *PLAYERS[self.name or ""], file.name)
            await playing.wait()
