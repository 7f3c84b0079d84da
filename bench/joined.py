"""`python -m bench.joined [operations]`: whether a request's id alone leads to what it wrote and to what was pushed.

People talk in rooms, have texts spoken, ask the partner and get feedback, each time under a request id of ours (1,000
in all by default). Then, for each id: the log's lines are followed as `speaktracker trace` does; what they name must be
in the table; and the same must be named by the push that came to the client.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import httpx
from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform
from cli.tracing.story import story_of
from speaktracker_client.models import Push
from speaktracker_client.user_channel import UserChannel

PEOPLE = 10
TALK, SPEECH, TURN, FEEDBACK = "message in a room", "text spoken", "turn of the partner", "feedback"
SHARES = {TALK: 0.6, SPEECH: 0.2, TURN: 0.1, FEEDBACK: 0.1}
"""Of the operations; the partner answers ten turns a minute and person at most."""
PAUSE = 0.2
SETTLED_SECONDS = 60.0
NAMES = ("names", "jobId", "messageId", "turnId", "feedback_id", "feedbackId", "requestId")
"""The fields of a line of the log that name what is in the table."""


@dataclass(frozen=True)
class Operation:
    """One request, and what its push named: a message, a job, a turn's request or feedback; nothing where none came."""

    kind: str
    request_id: str
    pushed: str | None


@dataclass
class Learner:
    """A person with a room of their own, a channel for pushes, and what was pushed there by the id that it names."""

    person: Person
    channel: UserChannel
    http: httpx.AsyncClient
    named: set[str]

    async def listen(self) -> None:
        """Note every id that a push names, until cancelled."""
        async for push in self.channel:
            self.named |= set(_ids(push))

    async def headers(self, request_id: str) -> dict[str, str]:
        """Return the headers of a request under an id."""
        return {"Authorization": f"Bearer {await self.person.client.access_token()}", "X-Request-Id": request_id}

    async def pushed(self, name: str) -> str | None:
        """Return an id once a push has named it; None where none does within a minute."""
        for _ in range(int(SETTLED_SECONDS / 0.05)):
            if name in self.named:
                return name
            await asyncio.sleep(0.05)
        return None


def _ids(push: Push) -> Iterator[str]:
    for name in ("jobId", "requestId", "feedbackId", "feedback_id", "id"):
        value = push.fields.get(name)
        if isinstance(value, str):
            yield value
    inner = push.fields.get("data")
    if isinstance(inner, dict):
        yield from _ids(Push(push.type, inner))


async def talk(learner: Learner, count: int) -> list[Operation]:
    """Say so many things in the learner's room; the room's own socket hears each as a push."""
    said = {}
    for number in range(count):
        request_id = str(uuid4())
        ack = await learner.person.connection.send_message(f"This is sentence {number}.", request_id=request_id)
        said[request_id] = ack.message_id
        await asyncio.sleep(PAUSE)
    await learner.person.hear(count)
    heard = {one.message.message_id for one in learner.person.heard}
    return [Operation(TALK, one, name if name in heard else None) for one, name in said.items()]


async def have_spoken(learner: Learner, count: int) -> list[Operation]:
    """Have so many texts spoken that nobody had spoken before."""
    found = []
    for _ in range(count):
        request_id = str(uuid4())
        body = {"text": f"Please say number {uuid4().int % 10**9}.", "voice": "female"}
        answer = await learner.http.post("/api/tts", json=body, headers=await learner.headers(request_id))
        answer.raise_for_status()
        found.append(Operation(SPEECH, request_id, await learner.pushed(answer.json()["jobId"])))
    return found


async def ask(learner: Learner, count: int) -> list[Operation]:
    """Ask the partner so many times; its answer is the push."""
    found = []
    for number in range(count):
        request_id = str(uuid4())
        reply = await learner.channel.ask_partner(f"What is {number} and one?", request_id=request_id)
        found.append(Operation(TURN, request_id, request_id if reply.response else None))
    return found


async def be_told(learner: Learner, tutor: Learner, count: int) -> list[Operation]:
    """Have a tutor send so much feedback to the learner."""
    found = []
    for number in range(count):
        request_id = str(uuid4())
        body = {"studentEmail": learner.person.email, "message": f"Well said, {number}!", "messageType": "text"}
        answer = await tutor.http.post("/api/tutor/feedback", json=body, headers=await tutor.headers(request_id))
        answer.raise_for_status()
        found.append(Operation(FEEDBACK, request_id, await learner.pushed(answer.json()["feedback_id"])))
    return found


async def operations_on(platform: RunningPlatform, count: int) -> list[Operation]:
    """Carry out so many operations, and return them once all have been pushed."""
    each = {kind: max(1, round(count * share / PEOPLE)) for kind, share in SHARES.items()}
    async with AsyncExitStack() as stack:
        tutor, *learners = [
            await _learner(platform, name, stack) for name in ("Tutor", *(f"Learner-{one}" for one in range(PEOPLE)))
        ]
        for one in learners:
            asked = await one.person.client.tutoring.request(tutor.person.email)
            await tutor.person.client.tutoring.approve(asked)
        done = await asyncio.gather(
            *(talk(one, each[TALK]) for one in learners),
            *(have_spoken(one, each[SPEECH]) for one in learners),
            *(ask(one, each[TURN]) for one in learners),
            *(be_told(one, tutor, each[FEEDBACK]) for one in learners),
        )
        return [operation for some in done for operation in some]


async def _learner(platform: RunningPlatform, name: str, stack: AsyncExitStack) -> Learner:
    person = await sign_up(platform, name, role="tutor" if name == "Tutor" else "student")
    stack.push_async_callback(person.go)
    channel = await stack.enter_async_context(person.client.channel())
    http = await stack.enter_async_context(httpx.AsyncClient(base_url=platform.base, timeout=60, trust_env=False))
    learner = Learner(person, channel, http, set())
    if name != "Tutor":
        await person.enter((await person.client.rooms.create(f"Room of {name}", "beginner")).room_id)
    listening = asyncio.create_task(learner.listen())
    stack.callback(listening.cancel)
    return learner


def stored_names(platform: RunningPlatform) -> set[str]:
    """Return every text, and every part of a key, that the table holds."""
    make: Any = boto3.resource
    settings = platform.settings
    table = make(
        "dynamodb",
        endpoint_url=settings.aws_endpoint_url,
        region_name=settings.aws_region_name,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).Table(platform.table)
    found, more = set[str](), dict[str, Any]()
    while True:
        page = table.scan(**more)
        found.update(name for item in page["Items"] for name in _texts(item))
        if "LastEvaluatedKey" not in page:
            return found
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.split("#")
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | set):
        for one in value:
            yield from _texts(one)


def what_is_missing(operation: Operation, lines: list[str], stored: set[str]) -> str | None:
    """Return which end of an operation its request's id does not lead to; None where it leads to all."""
    story = story_of(operation.request_id, lambda: lines)
    if not any(line.get("event") == "job.done" for line in story.lines):
        return "no job in the log"
    if operation.pushed is None:
        return "no push"
    if operation.pushed not in {name for line in story.lines for name in _named(line)}:
        return "the log does not name what was pushed"
    return None if operation.pushed in stored else "not in the table"


def _named(line: dict[str, Any]) -> Iterable[str]:
    for field in NAMES:
        value = line.get(field)
        yield from value if isinstance(value, list) else [value] if isinstance(value, str) else []


async def settled_log(platform: RunningPlatform, operations: list[Operation]) -> list[str]:
    """Return the log's lines once every job has told its end, or after a minute: it does so after its push."""
    alone = {one.request_id for one in operations if one.kind != TALK}  # messages are stored in batches
    lines: list[str] = []
    for _ in range(int(SETTLED_SECONDS)):
        await asyncio.sleep(1.0)
        lines = platform.log.read_text("utf-8", errors="replace").splitlines()
        if alone <= {json.loads(line).get("requestId") for line in lines if '"job.done"' in line}:
            break
    return [line for line in lines if line.startswith("{")]


def show(operations: list[Operation], missing: dict[str, str]) -> None:
    """Print how many of each kind were joined, and why the others were not."""
    table = Table(
        "operation", "sampled", "joined", "what is missing", title="From a request's id to the table and push"
    )
    for kind in SHARES:
        ids = [one.request_id for one in operations if one.kind == kind]
        why = Counter(missing[one] for one in ids if one in missing)
        joined = len(ids) - why.total()
        table.add_row(kind, f"{len(ids):,}", f"{joined / len(ids):.1%}", "; ".join(f"{n} {w}" for w, n in why.items()))
    Console(width=110, highlight=False).print(table)


def main(arguments: list[str]) -> int:
    """Print the table; return 1 where an operation was not joined."""
    with platform_to_measure(Path(".run")) as platform:
        operations = asyncio.run(operations_on(platform, int(arguments[0]) if arguments else 1_000))
        lines = asyncio.run(settled_log(platform, operations))
        stored = stored_names(platform)
    missing = {one.request_id: why for one in operations if (why := what_is_missing(one, lines, stored))}
    show(operations, missing)
    return bool(missing)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
