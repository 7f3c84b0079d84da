"""`speaktracker demo-practice`: a lesson, from the sentences to a tutor's anchored feedback and the statistics."""

import asyncio
import time
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console

from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_practice_report import marked
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Delete, Table
from shared.domains.statistics.rules.rebuilding import rebuild_statistics
from speaktracker_client.errors import SpeakTrackerError
from speaktracker_client.user_channel import UserChannel

COUNT = 3
VOICE_SECONDS = 30.0
BEHIND_SECONDS = 10.0
_POLL_SECONDS = 0.1


@click.command("demo-practice")
@click.option(
    "--recording", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording of your own."
)
@click.option("--text", help="What is said in it.")
@of_run_directory
def demo_practice(recording: Path | None, text: str | None, directory: Path) -> None:
    """Take a lesson on the platform that `make run` started; its sentences are said by the platform's own voice.

    With `--recording` and `--text` your own recording is scored too. Exits with 1 if anything is not as it must be.
    """
    if (recording is None) is not (text is None):
        raise click.UsageError("--recording and --text go together")
    walk = _Walk(find_platform(directory), Console(highlight=False))
    own = (recording.read_bytes(), text) if recording is not None and text is not None else None
    try:
        asyncio.run(walk.run(own))
    except (SpeakTrackerError, httpx.HTTPError) as problem:
        raise click.ClickException(f"{type(problem).__name__}: {problem}") from problem
    for fault in walk.faults:
        walk.console.print(f"[bold red]{fault}[/]")
    if walk.faults:
        raise click.exceptions.Exit(1)
    walk.console.print("[bold green]The lesson was heard, counted once, and can be counted again.[/]")


class _Walk:
    """One lesson: what was said, and what was wrong."""

    def __init__(self, platform: RunningPlatform, console: Console) -> None:
        self._platform, self.console = platform, console
        self._http = httpx.AsyncClient(base_url=platform.base, timeout=60, trust_env=False)
        self.faults: list[str] = []

    async def run(self, own: tuple[bytes, str] | None) -> None:
        """Walk from the session to its statistics."""
        student, tutor = await sign_up(self._platform, "Haneul"), await sign_up(self._platform, "Minseo", role="tutor")
        try:
            async with tutor.client.channel() as channel:
                await self._match(student, tutor)
                results = await self._lesson(student, own)
                await self._tutor(student, tutor, channel, results[-1])
            await self._count(student, len(results))
        finally:
            for person in (student, tutor):
                await person.go()
            await self._http.aclose()

    async def _match(self, student: Person, tutor: Person) -> None:
        await tutor.client.tutoring.approve(await student.client.tutoring.request(tutor.email, "Would you teach me?"))
        await self._call(student, "PATCH", "/api/me", json={"shareResults": True, "shareRecordings": True})

    async def _lesson(self, student: Person, own: tuple[bytes, str] | None) -> list[dict[str, Any]]:
        started = await self._call(student, "POST", "/api/sessions/start", json={"sessionType": "practice"})
        asked = {"difficulty": "하", "topic": "food", "count": COUNT, "sessionId": started["sessionId"]}
        written = (await self._call(student, "POST", "/api/sentences/generate", json=asked))["sentences"]
        spoken = [await self._spoken(student, one["audioJobId"]) for one in written]
        first, second, third = (one["english"] for one in written)
        said = [(spoken[0], first), (spoken[0], second), (spoken[2], f"{third[:-1]} in the garden with my friends")]
        results = [await self._score(student, *one, started["sessionId"]) for one in [*said, *([own] if own else [])]]
        self._check(results[0].get("grade") in ("A", "B", "C"), f"{first!r} was said, and graded {results[0]['grade']}")
        self._check(results[1].get("grade") in (None, "F"), "another sentence was said, and passed")
        self._check(len(results[2]["missedWords"]) >= 1, "words were left out, and none was missed")
        ended = await self._call(student, "POST", "/api/sessions/end", json={"sessionId": started["sessionId"]})
        self._say(f"The session took {ended['duration']} s, {ended['speakingDuration']:.1f} s of them speaking.")
        return results

    async def _spoken(self, student: Person, job_id: str) -> bytes:
        deadline = time.monotonic() + VOICE_SECONDS
        while time.monotonic() < deadline:
            found = await self._call(student, "GET", f"/api/tts/status/{job_id}")
            if found["status"] == "COMPLETED":
                return (await self._http.get(found["audioUrl"])).content
            await asyncio.sleep(_POLL_SECONDS)
        raise click.ClickException(f"A sentence was not spoken within {VOICE_SECONDS:.0f} s.")

    async def _score(self, student: Person, recording: bytes, text: str, session_id: str) -> dict[str, Any]:
        began = time.perf_counter()
        form = {
            "files": {"audioFile": ("said.mp3", recording)},
            "data": {"originalText": text, "sessionId": session_id},
        }
        result = await self._call(student, "POST", "/api/stt/evaluate", **form)
        self._say(marked(result, time.perf_counter() - began))
        return result

    async def _tutor(self, student: Person, tutor: Person, channel: UserChannel, result: dict[str, Any]) -> None:
        async with asyncio.timeout(BEHIND_SECONDS):
            push = await anext(channel)
            while push.type != "student_result":
                push = await anext(channel)
        path = f"/api/tutor/students/{student.email}/results/{result['resultId']}"
        shown = await self._call(tutor, "GET", path)
        self._check("recordingUrl" in shown, "the tutor cannot hear a recording that the student shares")
        feedback = {
            "studentEmail": student.email,
            "message": result["originalText"],
            "messageType": "say_again",
            "anchor": {"resultId": result["resultId"], "second": 0.4},
        }
        await self._call(tutor, "POST", "/api/tutor/feedback", json=feedback)
        self._say(f"{tutor.name} saw the result come, heard it, and anchored feedback to its second 0.4.")

    async def _count(self, student: Person, count: int) -> None:
        entries = await self._until(student, "/api/notebook", lambda found: len(found["entries"]) >= 1)
        for one in entries["entries"]:
            self._say(f"In the notebook, due {one['dueAt'][:16]}Z: {one['better']}")
        due = await self._call(student, "GET", "/api/practice/review")
        self._check(due["review"] == [], "a mistake of today is due today")
        path = "/api/statistics/daily"
        days = await self._until(student, path, lambda found: _practised(found) == count)
        self._check(_practised(days) == count, f"{_practised(days)} of {count} results are counted")
        store = self._statistics()
        for day in days["days"]:
            store.table.write(Delete(f"USER#{student.user_id}", f"DAY#{day['date']}"))
        rebuild_statistics(student.user_id, store=store.days)
        again = await self._call(student, "GET", path)
        self._check(again["days"] == days["days"], "statistics made again from the events are others")
        self._say("The days were deleted, made again from the events, and are the same.")

    def _statistics(self) -> "_Statistics":
        return _Statistics(Table(AwsClients(self._platform.settings).dynamodb, self._platform.table))

    async def _until(self, student: Person, path: str, holds: Any) -> dict[str, Any]:
        deadline = time.monotonic() + BEHIND_SECONDS
        while True:
            found = await self._call(student, "GET", path)
            if holds(found) or time.monotonic() > deadline:
                return found
            await asyncio.sleep(_POLL_SECONDS)

    async def _call(self, person: Person, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {await person.client.access_token()}"}
        response = await self._http.request(method, path, headers=headers, **more)
        fields: dict[str, Any] = response.json()
        if response.is_error:
            raise click.ClickException(f"{method} {path} was refused: {response.status_code} {fields.get('message')}")
        return fields

    def _check(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def _say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True, markup=False)


class _Statistics:
    """The table, and the days in it."""

    def __init__(self, table: Table) -> None:
        self.table, self.days = table, DynamoStatistics(table)


def _practised(found: dict[str, Any]) -> int:
    return sum(day["practiceCount"] for day in found["days"])
