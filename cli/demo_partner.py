"""`speaktracker demo-partner`: a conversation with the AI partner, streamed and spoken sentence by sentence."""

import asyncio
import time
import uuid
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from cli.demo_desktop import ask_all
from cli.demo_hearing import errors_between, words_in
from cli.demo_partner_turn import Conversation, Seen
from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_spoken_turn import spoken_turn
from speaktracker_client.errors import Conflict, SpeakTrackerError
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


@click.command("demo-partner")
@of_run_directory
def demo_partner(directory: Path) -> None:
    """Hold five turns with the AI partner of the platform that `make run` started, and show them with their times.

    Then stop one in the middle, ask as a plain desktop program does, and end with the report. Exits with 1 if
    anything is missing.
    """
    walk = _Walk(find_platform(directory), Console(highlight=False))
    try:
        asyncio.run(walk.run())
    except SpeakTrackerError as problem:
        raise click.ClickException(f"{type(problem).__name__}: {problem}") from problem
    walk.show()
    if walk.faults:
        raise click.exceptions.Exit(1)


class _Walk:
    """One run: what was said and seen, and what was missing."""

    def __init__(self, platform: RunningPlatform, console: Console) -> None:
        self._platform, self._console = platform, console
        self._seen: list[Seen] = []
        self.faults: list[str] = []

    async def run(self) -> None:
        """Walk from the opening to the report."""
        student, other = await sign_up(self._platform, "Haneul"), await sign_up(self._platform, "Desk")
        try:
            async with student.client.channel() as channel:
                conversation = Conversation(channel)
                await self._converse(student, channel, conversation)
                await conversation.close()
            await self._desktop(other)
        finally:
            await student.go()
            await other.go()

    def show(self) -> None:
        """Show the times and what was wrong."""
        table = Table("turn", "queued", "thinking", "first delta", "first sound", "whole answer", "sentences", "deltas")
        table.title = "When the student saw it (milliseconds after sending)"
        for number, seen in enumerate(self._seen, 1):
            times = (seen.stages.get("queued"), seen.stages.get("thinking"), seen.first_delta, seen.first_sound)
            cells = [_milliseconds(one) for one in (*times, seen.whole)]
            table.add_row(str(number), *cells, str(len(seen.sounds)), str(len(seen.deltas)))
        self._console.print(table)
        for fault in self.faults:
            self._console.print(f"[bold red]{fault}[/]")
        if not self.faults:
            self._console.print("[bold green]Every request got its one answer, in words and in sound.[/]")

    async def _converse(self, student: Person, channel: UserChannel, conversation: Conversation) -> None:
        opening = await student.client.partner.start("beginner", "travel", "a friend")
        conversation_id = str(opening["conversationId"])
        self._console.print(f"[dim]{opening['situation']}[/]\n[bold]Partner:[/] {opening['firstMessage']}")
        for message in TURNS:
            seen = await conversation.ask(message, conversation_id, str(uuid.uuid4()))
            self._judge(seen)
        self._judge_spoken(await spoken_turn(self._platform, student, conversation, conversation_id))
        await self._same_again(channel, conversation_id)
        await self._stop(channel, conversation_id)
        began = time.perf_counter()
        report = await self._report(student, conversation_id)
        self._console.print(f"[bold]Report[/] ({time.perf_counter() - began:.1f} s): {report.get('summary')}")
        for phrase in report.get("phrases", []):
            self._console.print(f"  {phrase['english']}: {phrase['meaning']}")
        try:
            await student.client.partner.send(conversation_id, "Are you still there?")
            self.faults.append("a conversation that has ended took a turn")
        except Conflict:
            pass

    def _judge(self, seen: Seen) -> None:
        assert seen.reply is not None
        self._seen.append(seen)
        correction = (seen.result or {}).get("correction")
        self._console.print(f"[bold]Student:[/] {seen.message}")
        if correction:
            self._console.print(f"  [yellow]better:[/] {correction['better']}  [dim]({correction['why']})[/]")
        self._console.print(f"[bold]Partner:[/] {seen.reply.response}")
        self._check(bool(seen.reply.response), "an answer is empty")
        self._check(seen.streamed == seen.reply.response, "the deltas do not say the answer")
        self._check((seen.result or {}).get("status") == "COMPLETED", "the turn's Job was not completed")
        self._check({"queued", "thinking", "speaking"} <= set(seen.stages), f"stages are missing: {seen.stages}")
        self._check(bool(seen.sounds), "nothing could be heard")
        for _, address in seen.sounds.values():
            audio = httpx.get(address, timeout=10.0, trust_env=False)
            self._check(audio.status_code == 200 and len(audio.content) > 1000, "a sentence has no sound")

    def _judge_spoken(self, seen: Seen) -> None:
        at, heard = seen.heard or (None, "")
        first = seen.partly[0][0] if seen.partly else None
        self._console.print(f"[bold]Student, aloud:[/] {seen.message}\n  [dim]heard:[/] {heard}")
        stages = {"first words heard": first, "all heard": at, "thinking": seen.stages.get("thinking")}
        stages |= {"first sound of the answer": seen.first_sound, "stored": seen.stages.get("completed")}
        shown = ", ".join(f"{name} {_milliseconds(seconds)}" for name, seconds in stages.items())
        self._console.print(f"  [dim]milliseconds after the recording was sent: {shown}[/]")
        self._check(errors_between(words_in(seen.message), words_in(heard)) <= 1, "a recording was misheard")
        self._check((seen.result or {}).get("status") == "COMPLETED", "the spoken turn's Job was not completed")
        self._check(bool(seen.sounds), "the answer to the spoken turn could not be heard")

    async def _same_again(self, channel: UserChannel, conversation_id: str) -> None:
        last = self._seen[-1]
        again = await channel.ask_partner(last.message, conversation_id=conversation_id, request_id=last.request_id)
        self._check(again == last.reply, "the same requestId got another answer")

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
        self._check(reply.stopped, "a turn that was stopped went on to its end")
        self._check(took <= STOP_SECONDS, f"stopping took {took:.2f} s")
        self._console.print(f"[bold]Stopped[/] after {took * 1000:.0f} ms; kept: {reply.response!r}")

    async def _report(self, student: Person, conversation_id: str) -> dict[str, Any]:
        report = await student.client.partner.end(conversation_id)
        deadline = time.monotonic() + REPORT_SECONDS
        while "summary" not in report and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
            found = await student.client.partner.conversation(conversation_id)
            report = found.get("report") or report
        self._check(bool(report.get("summary")), "there is no report")
        return report

    async def _desktop(self, person: Person) -> None:
        token = await person.client.access_token()
        began = time.perf_counter()
        try:
            answers = await ask_all(self._platform.base, token, DESKTOP_QUESTIONS)
        except (TimeoutError, LookupError) as problem:
            self.faults.append(f"the desktop program: {problem!r}")
            return
        is_right = all(one["status"] == "completed" and one["response"] for one in answers)
        self._check(is_right, "the desktop program got no answer")
        seconds = time.perf_counter() - began
        self._console.print(f"[bold]Desktop program:[/] {len(answers)} requests, one answer each, in {seconds:.1f} s")

    def _check(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)


def _milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1000:.0f}"
