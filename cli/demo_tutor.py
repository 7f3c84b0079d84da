"""`speaktracker demo-tutor`: a tutor and a student find each other, and feedback appears at once, or on return."""

import asyncio
import time
from pathlib import Path
from typing import Any

import click

from cli.demo_people import Person
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_walk import Walk
from cli.printing import table
from cli.refusals import Refusing
from speaktracker_client.backoff import Backoff
from speaktracker_client.errors import Forbidden, Refused
from speaktracker_client.models import Push
from speaktracker_client.user_channel import UserChannel

PUSH_SECONDS = 5.0
STORED_SECONDS = 5.0
FEEDBACK_ROUNDS = 10
NOTICING_SECONDS = 0.2
"""Until every gateway knows of a channel that is gone."""


class Absence(Backoff):
    """Comes back after `first` seconds and never sooner, so that the absence is one."""

    def seconds(self, attempt: int) -> float:
        """Return the length of the absence."""
        return self.first


AWAY = Absence(first=2.0)


@click.command("demo-tutor", cls=Refusing)
@of_run_directory
def demo_tutor(directory: Path) -> None:
    """Match a tutor and a student over the platform that `make run` started, and send feedback.

    The student loses the network in between and finds on return what came meanwhile. Exits with 1 if
    anything is missing.
    """
    TutorWalk(find_platform(directory)).take()


class TutorWalk(Walk):
    """A tutor and a student: what was done, and how long it took."""

    goal = "Everything that was told arrived, and is stored."

    def __init__(self, platform: RunningPlatform) -> None:
        """Nothing is timed yet."""
        super().__init__(platform)
        self._times: dict[str, list[float]] = {}

    async def walk(self) -> None:
        """Walk from the first request to the read receipt."""
        tutor, student = await self.person("Minseo", role="tutor"), await self.person("Haneul", AWAY)
        async with tutor.client.channel() as tutors, student.client.channel() as students:
            await self._match(tutor, student, tutors, students)
            await self._live(tutor, student, tutors, students)
            await self._return(tutor, student, tutors, students)

    def show(self) -> None:
        """Show the times."""
        times = table("", "times", "median", "worst", title="How long it took (milliseconds)")
        for name, seconds in self._times.items():
            ordered = sorted(seconds)
            figures = (ordered[len(ordered) // 2], ordered[-1])
            times.add_row(name, str(len(seconds)), *(f"{one * 1000:.1f}" for one in figures))
        self.console.print(times)

    async def _match(self, tutor: Person, student: Person, tutors: UserChannel, students: UserChannel) -> None:
        began = time.perf_counter()
        request_id = await student.client.tutoring.request(tutor.email, "Would you teach me?")
        told = await self._push(tutors, "notification", "the tutor hears of the request", began)
        self.say(f"{student.name} asked {tutor.name}: {told.get('title')}: {told.get('message')}")
        began = time.perf_counter()
        await tutor.client.tutoring.approve(request_id)
        told = await self._push(students, "notification", "the student hears of the approval", began)
        self.say(f"{tutor.name} approved: {told.get('title')}: {told.get('message')}")
        await self.require_refusal(tutor.client.tutoring.approve(request_id), "a request was approved twice", Refused)
        stranger = student.client.tutoring.send_feedback(student.email, "I praise myself")
        await self.require_refusal(stranger, "a student could send feedback", Forbidden)

    async def _live(self, tutor: Person, student: Person, tutors: UserChannel, students: UserChannel) -> None:
        began = time.perf_counter()
        await student.client.tutoring.show_status("Coffee talk", is_learning=True)
        update = await self._push(tutors, "student_status_update", "the tutor sees what the student does", began)
        [seen] = await tutor.client.tutoring.students()
        self.check(update.get("room") == seen["room"] == "Coffee talk" and seen["online"], "the status is not live")
        for number in range(FEEDBACK_ROUNDS):
            seeing = self._push(students, "feedback", "the student sees the feedback", time.perf_counter())
            pushing = asyncio.create_task(seeing)
            sent = await self._send(tutor, student, f"Well said, number {number}", "the tutor is answered")
            self.check(sent["websocketSent"], "a student who is here was not seen to be")
            pushed = await pushing
            self.check(pushed.get("feedback_id") == sent["feedback_id"], "other feedback came than was sent")
        began = time.perf_counter()
        await student.client.tutoring.read_feedback(sent["feedback_id"])
        await self._push(tutors, "feedback_read", "the tutor sees that it was read", began)

    async def _return(self, tutor: Person, student: Person, tutors: UserChannel, students: UserChannel) -> None:
        students.abort()
        await asyncio.sleep(NOTICING_SECONDS)
        sent = await self._send(tutor, student, "You were gone: listen again to 0:12", "answered while away")
        self.check(not sent["websocketSent"], "a student who is cut off was taken for present")
        await self._stored(tutor, student, sent["feedback_id"], is_sent=False)
        await students.wait_live()
        pushed = await self._push(students, "feedback", "what waited comes on return", time.perf_counter())
        self.check(pushed.get("feedback_id") == sent["feedback_id"], "what waited did not come")
        await self._stored(tutor, student, sent["feedback_id"], is_sent=True)
        began = time.perf_counter()
        await student.client.tutoring.read_feedback(sent["feedback_id"])
        await self._push(tutors, "feedback_read", "the tutor sees that it was read", began)
        history = await tutor.client.tutoring.feedback(student.email)
        self.check(len(history) == FEEDBACK_ROUNDS + 1, f"{len(history)} of {FEEDBACK_ROUNDS + 1} are stored")
        self.say(f"{student.name} was cut off (TCP abort), came back, and found what had waited.")

    async def _send(self, tutor: Person, student: Person, message: str, what: str) -> dict[str, Any]:
        began = time.perf_counter()
        sent = await tutor.client.tutoring.send_feedback(student.email, message, kind="tip")
        self._took(what, time.perf_counter() - began)
        return sent

    async def _push(self, channel: UserChannel, kind: str, what: str, began: float) -> dict[str, Any]:
        """Return the next push of a kind; what does not come within 5 s is a fault."""
        try:
            async with asyncio.timeout(PUSH_SECONDS):
                push: Push = await anext(channel)
                while push.type != kind:
                    push = await anext(channel)
        except TimeoutError:
            self.faults.append(f"not within {PUSH_SECONDS:.0f} s: {what}")
            return {}
        self._took(what, time.perf_counter() - began)
        return push.fields

    async def _stored(self, tutor: Person, student: Person, feedback_id: str, *, is_sent: bool) -> None:
        async def is_stored() -> bool:
            listed = await tutor.client.tutoring.feedback(student.email)
            return any(one["feedback_id"] == feedback_id and one["websocket_sent"] is is_sent for one in listed)

        found = await self.until(is_stored, bool, seconds=STORED_SECONDS)
        self.check(found, f"feedback is not stored as {'sent' if is_sent else 'not sent'} within 5 s")

    def _took(self, what: str, seconds: float) -> None:
        self._times.setdefault(what, []).append(seconds)
