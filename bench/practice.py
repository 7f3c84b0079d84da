"""`python -m bench.practice`: how soon a sentence that was said has a result, how many a minute, and what one costs.

On a platform of its own, or the one that runs from RUN_DIRECTORY; its voice says the sentence. Costs are seconds of
the processor by process, the stand-ins of AWS beside ours; in production those are Amazon's, which charges for the
seconds heard instead.
"""

import asyncio
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from bench.processor import Spent, spent_by
from cli.demo_people import sign_up
from cli.demo_platform import RunningPlatform

SENTENCE = "I would like a cup of coffee and a piece of cake."
WARM_UPS, TRIES = 3, 20
AT_ONCE, BUSY_SECONDS = 4, 45.0
PEOPLE = 6
"""One person may send 30 recordings a minute."""
PROMISED_SECONDS = 2.0
VOICE_SECONDS, RESULT_SECONDS = 60.0, 120.0
FAMILIES = {
    "hears for Transcribe (stand-in)": "embedded.transcribe.hearing",
    "AWS (stand-in)": "embedded.aws",
    "worker-speech": "speech@",
    "worker-persistence": "persistence@",
    "other workers": "celery",
    "gateway": "web.wsgi",
    "Redis": "valkey",
    "everything else": "",
}


@dataclass
class Student:
    """Somebody who says the sentence again and again."""

    http: httpx.AsyncClient
    token: str

    async def call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Make a request; an error ends the bench."""
        answer = await self.http.request(method, path, headers={"Authorization": f"Bearer {self.token}"}, **more)
        answer.raise_for_status()
        fields: dict[str, Any] = answer.json()
        return fields

    async def evaluate(self, recording: bytes) -> tuple[float, dict[str, Any]]:
        """Return the seconds from the upload to the result, and that."""
        began = time.perf_counter()
        form = {"files": {"audioFile": ("said.mp3", recording)}, "data": {"originalText": SENTENCE}}
        result = await self.call("POST", "/api/stt/evaluate", **form)
        while "overallScore" not in result:  # it was not there within the wait
            if time.perf_counter() - began > RESULT_SECONDS:
                raise SystemExit(f"There was no result within {RESULT_SECONDS:.0f} s: {result}")
            await asyncio.sleep(0.1)
            result |= (await self.call("GET", f"/api/jobs/{result['jobId']}")).get("result") or {}
        return time.perf_counter() - began, result


@dataclass
class Figures:
    """Rows of the table."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, what: str, figure: str, promised: str = "") -> None:
        """Add a row."""
        self.rows.append((what, figure, promised))


async def measure(platform: RunningPlatform, pid: int) -> Figures:
    """Measure everything on a platform that nobody else uses; `pid` is the process that all of it descends from."""
    figures = Figures()
    async with httpx.AsyncClient(base_url=platform.base, trust_env=False, timeout=60) as http:
        students = [await _student(platform, http, number) for number in range(PEOPLE)]
        recording, seconds = await _spoken(students[0])
        for _ in range(WARM_UPS):
            await students[0].evaluate(recording)
        await _alone(students[:2], recording, seconds, pid, figures)
        await _together(students[2:], recording, figures)
    return figures


async def _student(platform: RunningPlatform, http: httpx.AsyncClient, number: int) -> Student:
    person = await sign_up(platform, f"student{number}")
    try:
        return Student(http, await person.client.access_token())
    finally:
        await person.go()


async def _spoken(student: Student) -> tuple[bytes, float]:
    """Return the sentence as an MP3, and its seconds."""
    found = await student.call("POST", "/api/tts", json={"text": SENTENCE, "voice": "female"})
    deadline = time.monotonic() + VOICE_SECONDS
    while "audioUrl" not in found:
        if time.monotonic() > deadline:
            raise SystemExit("The sentence was not spoken.")
        await asyncio.sleep(0.1)
        found = await student.call("GET", f"/api/tts/status/{found['jobId']}")
    async with httpx.AsyncClient(trust_env=False) as anybody:
        return (await anybody.get(found["audioUrl"])).content, found["durationMs"] / 1000


async def _alone(students: list[Student], recording: bytes, seconds: float, pid: int, figures: Figures) -> None:
    """One after the other: how soon each has its result, and what all of them cost."""
    before = spent_by(pid, FAMILIES)
    measured = [await students[number % len(students)].evaluate(recording) for number in range(TRIES)]
    await asyncio.sleep(2)  # what is counted and noted behind a result belongs to its cost
    costs = _difference(before, spent_by(pid, FAMILIES))
    took, kept = [one for one, _ in measured], f"≤ {PROMISED_SECONDS:.0f} s"
    what = f"a sentence of {seconds:.1f} s, alone: from upload to result"
    figures.note(f"{what}, p50 of {TRIES}", f"{median(took):.2f} s", kept)
    figures.note(f"{what}, p95", f"{quantiles(took, n=20)[-1]:.2f} s")
    grades = sorted({str(result.get("grade")) for _, result in measured})
    figures.note("grades, overall", f"{', '.join(grades)}, {measured[0][1]['overallScore']}")
    figures.note("cost of a result: processor, all", f"{sum(costs.values()) / TRIES:.2f} s")
    for name, cost in costs.items():
        figures.note(f"  {name}", f"{cost / TRIES:.3f} s")
    figures.note("cost of a result: seconds heard by Transcribe, bytes kept", f"{seconds:.1f} s, {len(recording):,}")


async def _together(students: list[Student], recording: bytes, figures: Figures) -> None:
    """So many at once, each as soon as its last one has a result."""
    until, took = time.monotonic() + BUSY_SECONDS, []

    async def go_on(student: Student) -> None:
        while time.monotonic() < until:
            took.append((await student.evaluate(recording))[0])

    began = time.monotonic()
    await asyncio.gather(*map(go_on, students[:AT_ONCE]))
    minutes = (time.monotonic() - began) / 60
    figures.note(f"{AT_ONCE} at once: results a minute", f"{len(took) / minutes:.0f}")
    figures.note(f"{AT_ONCE} at once: from upload to result, p50", f"{median(took):.2f} s")


def _difference(before: Spent, after: Spent) -> Spent:
    return {name: after[name] - before[name] for name in after}


def main() -> None:
    """Measure and print."""
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        state = json.loads(platform.log.with_name("state.json").read_text("utf-8"))
        figures = asyncio.run(measure(platform, state["pid"]))
    table = Table("what", "figure", "promised", title="Practice")
    for row in figures.rows:
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
