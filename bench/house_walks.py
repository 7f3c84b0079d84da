"""Counts the files that four walks through the product enter, in any checkout that has an install in `.venv`.

Each checkout's own platform is started, with `entered/sitecustomize.py` in every process. A walk is one operation over
HTTP, WebSocket or SQS, the same in all checkouts: a room message until it is stored, a turn with the AI partner until
its correction, a dead letter until it is listed, and a voice that is awaited as a job. It is done once unseen, and
counted the second time.

A file of `web`, `workers` or `shared` counts where one of its functions ran from the beginning of a walk until two
seconds after its end, and did not run in an idle platform for as long: sweeps, pings and beat are no part of a walk.
Files of constants and models alone count for nothing, though a reader opens them too.
"""

import asyncio
import base64
import json
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.demo_people import sign_up
from cli.demo_platform import RunningPlatform, find_platform
from cli.ports import choose_ports
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import DEMO_ACCOUNTS

READY_SECONDS = 300.0
WALK_SECONDS = 60.0
AFTER_SECONDS = 2.0
IDLE_SECONDS = 12.0
STORE_MESSAGES = "messages.store_messages"

Ask = Callable[[], Awaitable[bool]]


class Walker:
    """Two people and an operator on one platform."""

    def __init__(self, platform: RunningPlatform, directory: Path, http: httpx.AsyncClient) -> None:
        self._platform, self._directory, self._http = platform, directory, http
        self._conversation = ""

    async def prepare(self) -> None:
        """Sign everybody in, open a room and a conversation."""
        self._student = await sign_up(self._platform, "Walker")
        room = await self._student.client.rooms.create("Walk", "beginner")
        await self._student.enter(room.room_id)
        started = await self._student.client.partner.start("beginner", "travel", "a friend")
        self._conversation = str(started["conversationId"])
        operator = next(account for account in DEMO_ACCOUNTS if account.groups)
        login = {"email": operator.email, "password": operator.password}
        self._operator = (await self._http.post("/api/auth/login", json=login)).json()["accessToken"]

    async def close(self) -> None:
        """Let the student go."""
        await self._student.go()

    async def message(self) -> None:
        """Say something in the room, and wait for its acknowledgement."""
        await self._student.say(f"a walk {uuid.uuid4()}")

    async def turn(self) -> None:
        """Say something to the partner, and wait until its Job has ended."""
        body = {"conversationId": self._conversation, "userMessage": "Yesterday I go to Busan by train."}
        await self._job(await self._call("POST", "/api/ai/chat/message", json=body))

    async def letter(self) -> None:
        """Send a job with arguments that it does not have, and wait until operators see its letter."""
        state = json.loads((self._directory / "state.json").read_text("utf-8"))
        body = _without_messages(str(uuid.uuid4()))
        sqs = AwsClients(self._platform.settings).sqs
        before = await self._letters()
        await asyncio.to_thread(sqs.send_message, QueueUrl=state["aws"]["queues"]["persistence"], MessageBody=body)

        async def is_there() -> bool:
            return await self._letters() > before

        await until(is_there)

    async def voice(self) -> None:
        """Have a text spoken that nobody has asked for yet, and wait for its job."""
        text = f"This is walk number {uuid.uuid4().int % 10_000}."
        await self._job(await self._call("POST", "/api/tts", json={"text": text, "voice": "female"}))

    async def _job(self, asked: dict[str, object]) -> None:
        async def has_ended() -> bool:
            found = await self._call("GET", f"/api/jobs/{asked['jobId']}")
            return found["status"] not in ("PENDING", "PROCESSING")

        await until(has_ended)

    async def _letters(self) -> int:
        headers = {"Authorization": f"Bearer {self._operator}"}
        found = await self._http.get("/api/operations/dead-letters?limit=100", headers=headers)
        return len(found.json()["deadLetters"])

    async def _call(self, method: str, path: str, **more: object) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {await self._student.client.access_token()}"}
        answer = await self._http.request(method, path, headers=headers, **more)  # type: ignore[arg-type]
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found


WALKS: dict[str, Callable[[Walker], Awaitable[None]]] = {
    "files of a room message": Walker.message,
    "files of an AI turn": Walker.turn,
    "files of a dead letter": Walker.letter,
    "files of an awaited job": Walker.voice,
}


def _without_messages(job_id: str) -> str:
    """Return a sound envelope around arguments that no release of ours takes."""
    arguments = [[{"messages": []}], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    envelope = {
        "body": base64.b64encode(json.dumps(arguments).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": STORE_MESSAGES, "id": job_id, "argsrepr": "()", "kwargsrepr": "{}"},
        "properties": {
            "correlation_id": job_id,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "persistence"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": job_id,
        },
    }
    return base64.b64encode(json.dumps(envelope).encode()).decode()


async def until(ask: Ask) -> None:
    """Return when something holds.

    Raises:
        TimeoutError: it did not in a minute.
    """
    async with asyncio.timeout(WALK_SECONDS):
        while not await ask():
            await asyncio.sleep(0.1)


def walk_files(root: Path) -> dict[str, set[str]]:
    """Return the files of each walk in a checkout."""
    with tempfile.TemporaryDirectory() as folder, _platform(root.resolve(), Path(folder)) as (directory, log):
        return asyncio.run(_walked(find_platform(directory), directory, log))


async def _walked(platform: RunningPlatform, directory: Path, log: Path) -> dict[str, set[str]]:
    async with httpx.AsyncClient(base_url=platform.base, timeout=30.0, trust_env=False) as http:
        walker = Walker(platform, directory, http)
        await walker.prepare()
        try:
            times = {name: await _timed(walker, walk) for name, walk in WALKS.items()}
            began = time.time()
            await asyncio.sleep(IDLE_SECONDS)
            idle = _files(log, began, time.time())
        finally:
            await walker.close()
    return {name: _files(log, *span) - idle for name, span in times.items()}


async def _timed(walker: Walker, walk: Callable[[Walker], Awaitable[None]]) -> tuple[float, float]:
    await walk(walker)
    await asyncio.sleep(AFTER_SECONDS)
    began = time.time()
    await walk(walker)
    await asyncio.sleep(AFTER_SECONDS)
    return began, time.time()


def _files(log: Path, began: float, ended: float) -> set[str]:
    lines = (line.split(" ", 1) for line in log.read_text("utf-8").splitlines())
    return {path for moment, path in lines if began <= float(moment) <= ended}


@contextmanager
def _platform(root: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Run a checkout's platform, and give its run directory and the log of files that are entered."""
    directory, log, port = folder / "run", folder / "entered.log", choose_ports(["web"], {})["web"]
    told = {"PORT": str(port), "RUN_DIRECTORY": str(directory), "ENTERED_ROOT": str(root), "ENTERED_LOG": str(log)}
    environment = os.environ | told | {"PYTHONPATH": str(Path(__file__).parent / "entered")}
    with (folder / "output").open("wb") as output:
        command = [root / ".venv" / "bin" / "python", "-m", "cli", "up"]
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=output)
    try:
        _await_ready(process, f"http://127.0.0.1:{port}/readyz", folder / "output")
        yield directory, log
    finally:
        process.terminate()
        process.wait(60)


def _await_ready(process: "subprocess.Popen[bytes]", address: str, output: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.2)
    raise TimeoutError(output.read_text("utf-8", errors="replace")[-2000:])
