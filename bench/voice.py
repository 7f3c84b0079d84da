"""`python -m bench.voice`: how soon a text is heard, how much faster than it is spoken, and what asking again costs.

The engine is the embedded one: with Polly itself the times of making are Polly's, those of asking again are the same.
"""

import asyncio
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from cli.demo_people import PASSWORD, sign_up
from cli.demo_platform import RunningPlatform

SENTENCES = 20
LONG_SENTENCES = 40
PEOPLE = 10
AT_ONCE = 16
REQUESTS = 1000
REQUEST_PACE = 0.0105  # 200 requests in any two seconds are allowed to each
POLL_SECONDS = 0.02
PATIENCE_SECONDS = 60.0
CALLS = 2
"""A text is paid for twice: once for its audio, once for the times of its words."""


@dataclass
class Figures:
    """What was measured; seconds and characters."""

    paid: int = 0
    saved: int = 0
    rows: list[tuple[str, str]] = field(default_factory=list)

    def note(self, what: str, figure: str) -> None:
        """Add a row."""
        self.rows.append((what, figure))


@dataclass
class Listener:
    """Somebody who is signed in."""

    http: httpx.AsyncClient
    token: str

    async def call(self, method: str, path: str, **body: Any) -> httpx.Response:
        """Make a request."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, path, headers=headers, json=body or None)
        answer.raise_for_status()
        return answer

    async def hear(self, text: str) -> tuple[float, float, float]:
        """Have a text spoken; return the seconds to its first part, to the whole, and its length."""
        began = time.perf_counter()
        job = (await self.call("POST", "/api/tts", text=text, voice="female")).json()["jobId"]
        first = None
        while time.perf_counter() - began < PATIENCE_SECONDS:
            found = (await self.call("GET", f"/api/tts/status/{job}")).json()
            if first is None and (found.get("parts") or found.get("audioUrl")):
                first = time.perf_counter() - began
            if found["status"] == "COMPLETED":
                return first or 0.0, time.perf_counter() - began, found["durationMs"] / 1000
            await asyncio.sleep(POLL_SECONDS)
        raise SystemExit("The voice did not come.")


async def measure(platform: RunningPlatform) -> Figures:
    """Measure everything against a platform that nobody else uses."""
    figures = Figures()
    async with httpx.AsyncClient(base_url=platform.base, trust_env=False, timeout=30) as http:
        people = [await _listener(platform, http, number) for number in range(PEOPLE)]
        texts = [_sentence() for _ in range(SENTENCES)]
        await _measure_sentences(people[0], texts, figures)
        await _measure_long(people[1], figures)
        await _measure_cached(people, texts, figures)
    figures.note("characters paid for, saved", f"{figures.paid:,}, {figures.saved:,}")
    return figures


async def _listener(platform: RunningPlatform, http: httpx.AsyncClient, number: int) -> Listener:
    person = await sign_up(platform, f"listener{number}")
    try:
        email = (await person.client.account())["email"]
    finally:
        await person.go()
    answer = await http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    return Listener(http, answer.raise_for_status().json()["accessToken"])


def _sentence() -> str:
    return f"Today I would like to practise sentence number {uuid4().int % 10**6} with you."


async def _measure_sentences(listener: Listener, texts: list[str], figures: Figures) -> None:
    heard = [await listener.hear(text) for text in texts]
    figures.paid += CALLS * sum(map(len, texts))
    figures.note("a new sentence is heard after (median)", f"{median(whole for _, whole, _ in heard) * 1000:.0f} ms")
    factor = sum(whole for _, whole, _ in heard) / sum(length for *_, length in heard)
    figures.note("real-time factor of sentences, queue and storage included", f"{factor:.3f}")


async def _measure_long(listener: Listener, figures: Figures) -> None:
    text = " ".join(_sentence() for _ in range(LONG_SENTENCES))[:3000]
    first, whole, length = await listener.hear(text)
    figures.paid += CALLS * len(text)
    figures.note(
        f"a text of {len(text)} characters, {length:.0f} s long: first sentence after", f"{first * 1000:.0f} ms"
    )
    figures.note("the whole of it after", f"{whole * 1000:.0f} ms")
    figures.note("real-time factor of it", f"{whole / length:.3f}")


async def _measure_cached(people: list[Listener], texts: list[str], figures: Figures) -> None:
    """Ask again for what is there, each person as often as the platform allows."""
    seconds: list[float] = []
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(listener: Listener, number: int) -> None:
        text = texts[number % len(texts)]
        async with turns:
            began = time.perf_counter()
            found = (await listener.call("POST", "/api/tts", text=text, voice="female")).json()
            seconds.append(time.perf_counter() - began)
        assert "audioUrl" in found, found
        figures.saved += CALLS * len(text)

    async def listen(listener: Listener) -> None:
        for number in range(REQUESTS // PEOPLE):
            paced = asyncio.create_task(asyncio.sleep(REQUEST_PACE))
            await asyncio.gather(ask(listener, number), paced)

    began = time.perf_counter()
    await asyncio.gather(*map(listen, people))
    took = time.perf_counter() - began
    figures.note("asked for again: requests a second", f"{len(seconds) / took:.0f}")
    figures.note(f"asked for again, {PEOPLE} at once: answered after (median)", f"{median(seconds) * 1000:.1f} ms")


def main() -> None:
    """Measure and print."""
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        figures = asyncio.run(measure(platform))
    table = Table("", "measured", title="Voices")
    for row in figures.rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
