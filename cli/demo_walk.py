"""What all demos share: people sign up, something is done and shown, and what was wrong decides how they end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeVar

import click
import httpx
from rich.text import Text

from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform
from cli.foreign_text import foreign
from cli.printing import console
from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import SpeakTrackerError

Found = TypeVar("Found")

POLL_SECONDS = 0.05
VOICE_SECONDS = 30.0
_ANSWER_SECONDS = 60.0
_UNFINISHED = ("PENDING", "PROCESSING")


class Walk:
    """One walk through a part of the product; a demo fills in `walk`, and `show` where it has figures."""

    goal: ClassVar[str]
    """The sentence at the end where nothing was wrong."""

    def __init__(self, platform: RunningPlatform) -> None:
        """Walk on a platform that runs; nothing is done yet."""
        self.platform, self.console = platform, console()
        self.http = httpx.AsyncClient(base_url=platform.base, timeout=_ANSWER_SECONDS, trust_env=False)
        self.people: list[Person] = []
        self.faults: list[str] = []

    async def walk(self) -> None:
        """Do everything, once."""
        raise NotImplementedError

    def show(self) -> None:
        """Show the figures, at the end."""

    def take(self) -> None:
        """Walk, show what was seen and what was wrong.

        Raises:
            Exit: something was wrong; with exit code 1.
            ClickException: the platform refused what it must not refuse.
        """
        asyncio.run(self._walk())
        self.show()
        for fault in self.faults:
            self.say(fault, "bold red")
        if self.faults:
            raise click.exceptions.Exit(1)
        self.say(self.goal, "bold green")

    async def _walk(self) -> None:
        try:
            await self.walk()
        finally:
            for person in self.people:
                await person.go()
            await self.http.aclose()

    async def person(self, name: str, backoff: Backoff | None = None, *, role: str = "student") -> Person:
        """Return a person with a new account, signed in until the walk ends."""
        person = await sign_up(self.platform, name, backoff, role=role)
        self.people.append(person)
        return person

    async def call(self, person: Person, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Return what a person is answered over HTTP.

        Raises:
            ClickException: the call was refused.
        """
        headers = {"Authorization": f"Bearer {await person.client.access_token()}"}
        response = await self.http.request(method, path, headers=headers, **more)
        if response.is_error:
            raise click.ClickException(f"{method} {path} was refused: {response.status_code} {response.text[:500]}")
        fields: dict[str, Any] = response.json()
        return fields

    async def until(
        self, ask: Callable[[], Awaitable[Found]], holds: Callable[[Found], bool], *, seconds: float
    ) -> Found:
        """Ask again and again until the answer is as it must be, or time is up; return the last answer."""
        deadline = time.monotonic() + seconds
        while not holds(found := await ask()) and time.monotonic() < deadline:
            await asyncio.sleep(POLL_SECONDS)
        return found

    async def finished(
        self, person: Person, job_id: str, *, seconds: float, seen: Callable[[dict[str, Any]], object] | None = None
    ) -> dict[str, Any]:
        """Return a person's job when it has ended, or as it stands when time is up; `seen` is told each look at it."""

        async def look() -> dict[str, Any]:
            job = await self.call(person, "GET", f"/api/jobs/{job_id}")
            if seen is not None:
                seen(job)
            return job

        return await self.until(look, lambda job: job["status"] not in _UNFINISHED, seconds=seconds)

    async def spoken(self, person: Person, job: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of /api/tts with its `audioUrl`, at once or when its job has ended.

        Raises:
            ClickException: it was not spoken within 30 s.
        """
        if "audioUrl" in job:
            return job
        path = f"/api/tts/status/{job['jobId']}"
        found = await self.until(
            lambda: self.call(person, "GET", path),
            lambda told: "audioUrl" in told or told["status"] == "FAILED",
            seconds=VOICE_SECONDS,
        )
        if "audioUrl" not in found:
            raise click.ClickException(f"A text was not spoken: {found.get('error', 'it takes too long')}")
        return found

    async def download(self, address: str) -> httpx.Response:
        """Return what lies at a presigned address, which needs no token.

        Raises:
            ClickException: it cannot be had.
        """
        response = await self.http.get(address)
        if not response.is_success:
            raise click.ClickException(f"What the platform named could not be downloaded: {response.status_code}")
        return response

    async def require_refusal(self, call: Awaitable[object], fault: str, refusal: type[SpeakTrackerError]) -> str:
        """Return what a call was refused with; one that is not refused is a fault."""
        try:
            await call
        except refusal as refused:
            return str(refused)
        self.faults.append(fault)
        return ""

    def check(self, holds: bool, fault: str) -> None:
        """Note a fault where something is not as it must be."""
        if not holds:
            self.faults.append(fault)

    def say(self, sentence: str, style: str = "") -> None:
        """Show a line; what others said in it is shown as it is."""
        self.console.print(foreign(sentence, style, keeps_lines=True), soft_wrap=True)

    def quote(self, speaker: str, *words: str, notes: Sequence[str] = ()) -> None:
        """Show a speaker with their words, and notes beneath."""
        line = Text(speaker, "bold").append(" ").append_text(foreign(" ".join(words)))
        self.console.print(line, soft_wrap=True)
        for note in notes:
            self.say(f"  {note}", "dim")


def milliseconds(seconds: float | None) -> str:
    """Return seconds as whole milliseconds, a dash where there are none."""
    return "–" if seconds is None else f"{seconds * 1000:.0f}"
