"""`speaktracker demo-practice`: a lesson, from the sentences to a tutor's anchored feedback and the statistics."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cli.demo_people import Person
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_practice_report import marked
from cli.demo_walk import Walk
from cli.refusals import Refusing
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.notebook import DynamoNotebook
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Delete, Table
from shared.domains.notebook.contract import ListReview
from shared.domains.notebook.rules.showing import list_review
from shared.domains.statistics.rules.rebuilding import rebuild_statistics
from shared.kernel.times import timestamp
from speaktracker_client.user_channel import UserChannel

COUNT = 3
BEHIND_SECONDS = 10.0
ADDED = "in the garden with my friends"
"""What the student leaves out of the third sentence."""
READER = (Path(__file__).parent / "recordings" / "young_man.flac", "He was not an ill-disposed young man.")
"""A person's recording: LibriVox, Sense and Sensibility, chapter 2; in the public domain."""

Recording = tuple[bytes, str]
"""Audio, and what is said in it."""


@click.command("demo-practice", cls=Refusing)
@click.option(
    "--recording", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording of your own."
)
@click.option("--text", help="What is said in it.")
@of_run_directory
def demo_practice(recording: Path | None, text: str | None, directory: Path) -> None:
    """Take a lesson on the platform that `make run` started.

    Its sentences are said by the platform's own voice, and one by a person: by you, with `--recording` and `--text`.
    Exits with 1 if anything is not as it must be.
    """
    if (recording is None) is not (text is None):
        raise click.UsageError("--recording and --text go together")
    path, said = (recording, text) if recording is not None and text is not None else READER
    LessonWalk(find_platform(directory), (path.read_bytes(), said)).take()


class LessonWalk(Walk):
    """One lesson of a student, whose tutor listens."""

    goal = "The lesson was heard, counted once, and can be counted again."

    def __init__(self, platform: RunningPlatform, own: Recording) -> None:
        """Keep the recording that is scored beside those of the platform's voice."""
        super().__init__(platform)
        self._own = own

    async def walk(self) -> None:
        """Walk from the session to its statistics."""
        student, tutor = await self.person("Haneul"), await self.person("Minseo", role="tutor")
        async with tutor.client.channel() as channel, student.client.channel() as students:
            await self._match(student, tutor)
            results = await self._lesson(student)
            await self._tutor(student, tutor, channel, results[2])
            await self._say_again(student, students, results[2])
        await self._tomorrow(student)
        await self._count(student, len(results))

    async def _match(self, student: Person, tutor: Person) -> None:
        await tutor.client.tutoring.approve(await student.client.tutoring.request(tutor.email, "Would you teach me?"))
        await self.call(student, "PATCH", "/api/me", json={"shareResults": True, "shareRecordings": True})

    async def _lesson(self, student: Person) -> list[dict[str, Any]]:
        started = await self.call(student, "POST", "/api/sessions/start", json={"sessionType": "practice"})
        asked = {"difficulty": "하", "topic": "food", "count": COUNT, "sessionId": started["sessionId"]}
        written = (await self.call(student, "POST", "/api/sentences/generate", json=asked))["sentences"]
        spoken = [await self._said(student, one["audioJobId"]) for one in written]
        first, second, third = (one["english"] for one in written)
        said = [(spoken[0], first), (spoken[0], second), (spoken[2], f"{third[:-1]} {ADDED}")]
        results = [await self._score(student, *one, started["sessionId"]) for one in [*said, self._own]]
        self.check(results[0].get("grade") in ("A", "B", "C"), f"{first!r} was said, and graded {results[0]['grade']}")
        self.check(results[1].get("grade") in (None, "F"), "another sentence was said, and passed")
        self.check(len(results[2]["missedWords"]) >= 1, "words were left out, and none was missed")
        ended = await self.call(student, "POST", "/api/sessions/end", json={"sessionId": started["sessionId"]})
        self.say(f"The session took {ended['duration']} s, {ended['speakingDuration']:.1f} s of them speaking.")
        return results

    async def _said(self, student: Person, job_id: str) -> bytes:
        found = await self.spoken(student, {"jobId": job_id})
        return (await self.download(found["audioUrl"])).content

    async def _score(self, student: Person, recording: bytes, text: str, session_id: str) -> dict[str, Any]:
        began = time.perf_counter()
        form = {
            "files": {"audioFile": ("said.mp3", recording)},
            "data": {"originalText": text, "sessionId": session_id},
        }
        result = await self.call(student, "POST", "/api/stt/evaluate", **form)
        self.say(marked(result, time.perf_counter() - began))
        return result

    async def _tutor(self, student: Person, tutor: Person, channel: UserChannel, result: dict[str, Any]) -> None:
        async with asyncio.timeout(BEHIND_SECONDS):
            push = await anext(channel)
            while push.type != "student_result":
                push = await anext(channel)
        path = f"/api/tutor/students/{student.email}/results/{result['resultId']}"
        shown = await self.call(tutor, "GET", path)
        heard = (await self.download(shown["recordingUrl"])).content if "recordingUrl" in shown else b""
        self.check(len(heard) > 0, "the tutor cannot hear a recording that the student shares")
        word = next((one["word"] for one in result["words"] if one["status"] == "missed"), ADDED)
        begin = result["originalText"].index(word)
        anchor = {"resultId": result["resultId"], "from": begin, "to": begin + len(word), "second": 0.4}
        feedback = {"studentEmail": student.email, "message": ADDED, "messageType": "say_again", "anchor": anchor}
        await self.call(tutor, "POST", "/api/tutor/feedback", json=feedback)
        self.say(
            f"{tutor.name} saw the result come, heard its {len(heard):,} bytes, and anchored feedback to “{word}”."
        )

    async def _say_again(self, student: Person, channel: UserChannel, result: dict[str, Any]) -> None:
        """See the feedback come with its anchor, and hear what is to be said again."""
        async with asyncio.timeout(BEHIND_SECONDS):
            push = await anext(channel)
            while push.type != "feedback":
                push = await anext(channel)
        anchor = push.fields.get("anchor", {})
        self.check(anchor.get("resultId") == result["resultId"], "the feedback is not anchored to the result")
        found = await self._later(student, "/api/notebook?kind=feedback", lambda found: len(found["entries"]) == 1)
        entry = found["entries"][0]
        job = await self.call(student, "POST", f"/api/notebook/{entry['entryId']}/voice", json={"voice": "male"})
        sound = (await self.download((await self.spoken(student, job))["audioUrl"])).content
        self.check(len(sound) > 0, "the tutor's phrase is not heard")
        self.say(f"{student.name} saw it at second {anchor.get('second')}, and hears: {entry['better']}")

    async def _tomorrow(self, student: Person) -> None:
        """Ask for the review today, and, by a clock that is moved, tomorrow."""
        entries = await self._later(student, "/api/notebook", lambda found: len(found["entries"]) >= 2)
        for one in entries["entries"]:
            self.say(f"In the notebook, due {one['dueAt'][:16]}Z: {one['better']}")
        due = await self.call(student, "GET", "/api/practice/review")
        self.check(due["review"] == [], "a mistake of today is due today")
        now = timestamp(datetime.now(UTC) + timedelta(days=1))
        store = DynamoNotebook(self._table())
        page = list_review(ListReview.model_validate({}), student.user_id, now=now, position=None, store=store)
        wanted = {one["entryId"] for one in entries["entries"] if one["dueAt"] <= now}
        is_right = {one.entry_id for one in page.items} == wanted != set()
        self.check(is_right, "tomorrow's review is not what is due then")
        self.say(f"Tomorrow, worst first: {'; '.join(one.better for one in page.items)}")

    async def _count(self, student: Person, count: int) -> None:
        path = "/api/statistics/daily"
        days = await self._later(student, path, lambda found: _practised(found) == count)
        self.check(_practised(days) == count, f"{_practised(days)} of {count} results are counted")
        self._count_again(student.user_id, [day["date"] for day in days["days"]])
        again = await self.call(student, "GET", path)
        self.check(again["days"] == days["days"], "statistics made again from the events are others")
        self.say("The days were deleted, made again from the events, and are the same.")

    def _count_again(self, user_id: str, dates: list[str]) -> None:
        table = self._table()
        for date in dates:
            table.write(Delete(f"USER#{user_id}", f"DAY#{date}"))
        rebuild_statistics(user_id, store=DynamoStatistics(table))

    def _table(self) -> Table:
        return Table(AwsClients(self.platform.settings).dynamodb, self.platform.table)

    async def _later(self, student: Person, path: str, holds: Any) -> dict[str, Any]:
        return await self.until(lambda: self.call(student, "GET", path), holds, seconds=BEHIND_SECONDS)


def _practised(found: dict[str, Any]) -> int:
    return sum(day["practiceCount"] for day in found["days"])
