"""Workers of the AI partner die by kill -9 while many students wait for many answers each, over several gateways."""

import asyncio
import json
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cli.demo_people import Person, sign_up
from cli.drills.jobs import MOST_LETTERS, table_of
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Failed, Scene
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.domains.dead_letters.models import Wanted
from shared.kernel.queues import Queue
from speaktracker_client.errors import SpeakTrackerError

PARTNER = "-Q ai-chat.fifo"
SIGN_UPS_AT_ONCE = 8
ANSWER_SECONDS = 900.0
STORED_SECONDS = 120.0
_POLL_SECONDS = 0.1


@dataclass
class Student:
    """A student with one WebSocket that asks everything at once and counts the answers."""

    person: Person
    asked: dict[str, str]
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    foreign: int = 0

    async def ask_all(self, base: str) -> None:
        """Send everything at once, then listen until cancelled."""
        token = await self.person.client.access_token()
        async with connect(f"{base.replace('http', 'ws', 1)}/ws?token={token}", max_queue=None) as socket:
            for request_id, message in self.asked.items():
                await socket.send(json.dumps({"action": "sendMessage", "requestId": request_id, "message": message}))
            with suppress(ConnectionClosed):
                await self._listen(socket)

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            frame = json.loads(text)
            if frame.get("action") == "messageResponse":
                self.foreign += frame["requestId"] not in self.asked
                self.answers.setdefault(frame["requestId"], []).append(frame)

    async def turns(self) -> list[dict[str, Any]]:
        """Return what is stored of this student's conversations, oldest first."""
        found: list[dict[str, Any]] = []
        for one in await self.person.client.partner.conversations():
            found += (await self.person.client.partner.conversation(one["conversationId"]))["turns"]
        return found


async def partner_kill(scene: Scene, scale: Scale) -> Outcome:
    """Let everybody ask at once, kill a worker again and again meanwhile, and count every answer."""
    students = await _students(scene, scale.of(6, 200), scale.of(4, 10))
    base = scene.platform.base
    asking = [asyncio.create_task(student.ask_all(base)) for student in students]
    kills = scale.of(2, 10)
    try:
        await _until_answered(students, share=0.05)
        for _ in range(kills):
            scene.signal(PARTNER, signal.SIGKILL)
            await asyncio.sleep(random.uniform(1.0, scale.of(2.0, 6.0)))
        began = time.perf_counter()
        await _until_answered(students, share=1.0)
        outcome, failed = await _judged(students)
        letters = await asyncio.to_thread(_letters, scene)
        outcome.hidden += max(0, failed - letters)
        outcome.recovery = time.perf_counter() - began
        outcome.note = f"{len(students)} students, {kills} kills; {outcome.note}"
        return outcome
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, *(student.person.go() for student in students), return_exceptions=True)


async def _students(scene: Scene, count: int, requests: int) -> list[Student]:
    places = asyncio.Semaphore(SIGN_UPS_AT_ONCE)

    async def one(number: int) -> Student:
        async with places:
            person = await sign_up(scene.platform, f"Asker-{number}")
        asked = {f"request-{at}": f"I am student {number} and this is question {at}." for at in range(1, requests + 1)}
        return Student(person, asked)

    return list(await asyncio.gather(*map(one, range(1, count + 1))))


async def _until_answered(students: list[Student], *, share: float) -> None:
    """Return when such a share of all requests was answered.

    Raises:
        Failed: it was not in time.
    """
    wanted = sum(len(student.asked) for student in students) * share
    deadline = time.monotonic() + ANSWER_SECONDS
    while sum(len(student.answers) for student in students) < wanted:
        if time.monotonic() > deadline:
            missing = {student.person.name: sorted(set(student.asked) - set(student.answers)) for student in students}
            raise Failed(f"not answered: { {name: ids for name, ids in missing.items() if ids} }")
        await asyncio.sleep(_POLL_SECONDS)


async def _judged(students: list[Student]) -> tuple[Outcome, int]:
    """Compare what every student was answered with what is stored of them; each asked with the same requestIds.

    Returns how many were answered as failed, too: each of these is a dead letter, unless it is hidden.
    """
    outcome, failures = Outcome(), Counter[str]()
    for student in students:
        completed = {name: frames[0] for name, frames in student.answers.items() if frames[0]["status"] == "completed"}
        failures.update(frames[0]["error"] for name, frames in student.answers.items() if name not in completed)
        turns = await _stored(student, len(completed))
        stored = Counter(turn["requestId"] for turn in turns)
        outcome.sent += len(student.asked)
        outcome.acknowledged += len(student.answers)
        outcome.found += len(stored)
        outcome.lost += sum(name not in stored for name in completed) + len(student.asked) - len(student.answers)
        outcome.doubled += sum(len(frames) - 1 for frames in student.answers.values())
        outcome.doubled += sum(count - 1 for count in stored.values())
        outcome.faults += _faults(student, completed, turns)
    outcome.hidden = outcome.lost
    outcome.note = f"answered as failed: {dict(failures) or 'none'}"
    return outcome, failures.total()


def _letters(scene: Scene) -> int:
    """Return how many turns have died, whatever became of their letters since."""
    page = DynamoLetters(table_of(scene)).find(Wanted(queue=Queue.AI_CHAT), limit=MOST_LETTERS, position=None)
    return len(page.items)


async def _stored(student: Student, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + STORED_SECONDS
    while True:
        turns: list[dict[str, Any]] = []
        with suppress(SpeakTrackerError):  # asked too often: it is asked again
            turns = await student.turns()
        if len(turns) >= count or time.monotonic() > deadline:
            return turns
        await asyncio.sleep(_POLL_SECONDS)


def _faults(student: Student, completed: dict[str, dict[str, Any]], turns: list[dict[str, Any]]) -> list[str]:
    faults = [f"{student.person.name} got {student.foreign} answers to what nobody asked"] if student.foreign else []
    for turn in turns:
        name = turn["requestId"]
        answer = completed.get(name)
        if turn["userMessage"] != student.asked.get(name):
            faults.append(f"{student.person.name} has somebody else's turn: {turn['userMessage']!r}")
        elif answer is not None and answer["response"] != turn["aiMessage"]:
            faults.append(f"{student.person.name} was told something else than is stored for {name}")
    order = [list(student.asked).index(turn["requestId"]) for turn in turns if turn["requestId"] in completed]
    if order != sorted(order):
        faults.append(f"{student.person.name} was answered out of order: {order}")
    unsaid = [name for name, frames in student.answers.items() if "response" not in frames[0]]
    return faults + [f"{student.person.name}: no response in the answer to {name}" for name in unsaid]
