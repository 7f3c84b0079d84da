"""`speaktracker demo-partner`: a conversation with the AI partner, streamed and spoken sentence by sentence."""

import asyncio
import time
import uuid
from pathlib import Path
from typing import Any

import click

from cli.demo_desktop import ask_all
from cli.demo_hearing import errors_between, words_in
from cli.demo_partner_turn import Conversation, Seen
from cli.demo_people import Person
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_spoken_turn import spoken_turn
from cli.demo_walk import Walk, milliseconds
from cli.printing import table
from cli.refusals import Refusing
from speaktracker_client.errors import Conflict
from speaktracker_client.user_channel import UserChannel

TURNS = (
    "Hello! I am agree to talk about travel with you.",
    "Yesterday I go to Busan with my friend by train.",
    "We eated fresh fish near the sea. It was very delicious.",
    "She don't like spicy food, so we ordered a mild soup.",
    "I look forward to visit there again. Can you recommend another city?",
)
STOP_SECONDS = 1.0
DESKTOP_QUESTIONS = ["Good morning!", "What do you like to eat?", "Thank you. Goodbye."]
REPORT_SECONDS = 30.0


@click.command("demo-partner", cls=Refusing)
@of_run_directory
def demo_partner(directory: Path) -> None:
    """Hold five turns with the AI partner of the platform that `make run` started, and show them with their times.

    Then stop one in the middle, ask as a plain desktop program does, and end with the report. Exits with 1 if
    anything is missing.
    """
    PartnerWalk(find_platform(directory)).take()


class PartnerWalk(Walk):
    """One conversation: what was said and seen."""

    goal = "Every request got its one answer, in words and in sound."

    def __init__(self, platform: RunningPlatform) -> None:
        """Nothing is said yet."""
        super().__init__(platform)
        self._seen: list[Seen] = []

    async def walk(self) -> None:
        """Walk from the opening to the report."""
        student, other = await self.person("Haneul"), await self.person("Desk")
        async with student.client.channel() as channel:
            conversation = Conversation(channel)
            await self._converse(student, channel, conversation)
            await conversation.close()
        await self._desktop(other)

    def show(self) -> None:
        """Show the times."""
        headers = ("turn", "queued", "thinking", "first delta", "first sound", "whole answer", "sentences", "deltas")
        turns = table(*headers, title="When the student saw it (milliseconds after sending)")
        for number, seen in enumerate(self._seen, 1):
            times = (seen.stages.get("queued"), seen.stages.get("thinking"), seen.first_delta, seen.first_sound)
            cells = [milliseconds(one) for one in (*times, seen.whole)]
            turns.add_row(str(number), *cells, str(len(seen.sounds)), str(len(seen.deltas)))
        self.console.print(turns)

    async def _converse(self, student: Person, channel: UserChannel, conversation: Conversation) -> None:
        opening = await student.client.partner.start("beginner", "travel", "a friend")
        conversation_id = str(opening["conversationId"])
        self.say(str(opening["situation"]), "dim")
        self.quote("Partner:", str(opening["firstMessage"]))
        for message in TURNS:
            seen = await conversation.ask(message, conversation_id, str(uuid.uuid4()))
            await self._judge(seen)
        self._judge_spoken(await spoken_turn(self, student, conversation, conversation_id))
        await self._same_again(channel, conversation_id)
        await self._stop(channel, conversation_id)
        began = time.perf_counter()
        report = await self._report(student, conversation_id)
        self.quote("Report", f"({time.perf_counter() - began:.1f} s): {report.get('summary')}")
        for phrase in report.get("phrases", []):
            self.say(f"  {phrase['english']}: {phrase['meaning']}")
        late = student.client.partner.send(conversation_id, "Are you still there?")
        await self.require_refusal(late, "a conversation that has ended took a turn", Conflict)

    async def _judge(self, seen: Seen) -> None:
        assert seen.reply is not None
        self._seen.append(seen)
        correction = (seen.result or {}).get("correction")
        notes = [f"better: {correction['better']}  ({correction['why']})"] if correction else []
        self.quote("Student:", seen.message, notes=notes)
        self.quote("Partner:", seen.reply.response)
        self.check(bool(seen.reply.response), "an answer is empty")
        self.check(seen.streamed == seen.reply.response, "the deltas do not say the answer")
        self.check((seen.result or {}).get("status") == "COMPLETED", "the turn's Job was not completed")
        self.check({"queued", "thinking", "speaking"} <= set(seen.stages), f"stages are missing: {seen.stages}")
        self.check(bool(seen.sounds), "nothing could be heard")
        for _, address in seen.sounds.values():
            self.check(len((await self.download(address)).content) > 1000, "a sentence has no sound")

    def _judge_spoken(self, seen: Seen) -> None:
        at, heard = seen.heard or (None, "")
        first = seen.partly[0][0] if seen.partly else None
        stages = {"first words heard": first, "all heard": at, "thinking": seen.stages.get("thinking")}
        stages |= {"first sound of the answer": seen.first_sound, "stored": seen.stages.get("completed")}
        shown = ", ".join(f"{name} {milliseconds(seconds)}" for name, seconds in stages.items())
        notes = (f"heard: {heard}", f"milliseconds after the recording was sent: {shown}")
        self.quote("Student, aloud:", seen.message, notes=notes)
        self.check(errors_between(words_in(seen.message), words_in(heard)) <= 1, "a recording was misheard")
        self.check((seen.result or {}).get("status") == "COMPLETED", "the spoken turn's Job was not completed")
        self.check(bool(seen.sounds), "the answer to the spoken turn could not be heard")

    async def _same_again(self, channel: UserChannel, conversation_id: str) -> None:
        last = self._seen[-1]
        again = await channel.ask_partner(last.message, conversation_id=conversation_id, request_id=last.request_id)
        self.check(again == last.reply, "the same requestId got another answer")

    async def _stop(self, channel: UserChannel, conversation_id: str) -> None:
        request_id, began = str(uuid.uuid4()), asyncio.Event()

        def delta(_text: str, _index: int) -> None:
            began.set()

        asking = asyncio.create_task(
            channel.ask_partner(
                "Please tell me a lot about that city.",
                conversation_id=conversation_id,
                on_delta=delta,
                request_id=request_id,
            )
        )
        await began.wait()
        stopped_at = time.perf_counter()
        await channel.stop_partner(request_id)
        reply = await asking
        took = time.perf_counter() - stopped_at
        self.check(reply.stopped, "a turn that was stopped went on to its end")
        self.check(took <= STOP_SECONDS, f"stopping took {took:.2f} s")
        self.quote("Stopped", f"after {took * 1000:.0f} ms; kept: {reply.response!r}")

    async def _report(self, student: Person, conversation_id: str) -> dict[str, Any]:
        report = await student.client.partner.end(conversation_id)
        if "summary" not in report:
            found = await self.until(
                lambda: student.client.partner.conversation(conversation_id),
                lambda told: "summary" in (told.get("report") or {}),
                seconds=REPORT_SECONDS,
            )
            report = found.get("report") or report
        self.check(bool(report.get("summary")), "there is no report")
        return report

    async def _desktop(self, person: Person) -> None:
        token = await person.client.access_token()
        began = time.perf_counter()
        try:
            answers = await ask_all(self.platform.base, token, DESKTOP_QUESTIONS)
        except (TimeoutError, LookupError) as problem:
            self.faults.append(f"the desktop program: {problem!r}")
            return
        is_right = all(one["status"] == "completed" and one["response"] for one in answers)
        self.check(is_right, "the desktop program got no answer")
        seconds = time.perf_counter() - began
        self.quote("Desktop program:", f"{len(answers)} requests, one answer each, in {seconds:.1f} s")
