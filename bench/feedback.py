"""`python -m bench.feedback`: how soon a student sees feedback and a tutor is answered, while the table is slow.

A platform of its own and the design that it replaces run side by side against one stand-in for AWS, whose writes to
DynamoDB are let wait by a proxy; their feedback is sent in turns, so that both meet the same machine.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect

from bench.delaying_proxy import DelayingProxy
from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform, find_platform
from embedded.running import embedded_aws, free_port
from speaktracker_client.user_channel import UserChannel

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 150.0
STOP_SECONDS = 40.0
COUNT = 30
WARM_UP = 5
DELAYS = (0.0, 0.5)
PACE = 0.05
OURS, OLD = "pushed first, stored behind", "written first (the old design)"
_STUDENT = "student@example.com"
_MESSAGE = "Well said!"


@dataclass
class Times:
    """Seconds from sending until the student's socket had it, and until the tutor had the answer."""

    seen: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)


async def timed(times: Times, send: Callable[[], Awaitable[object]], see: Callable[[], Awaitable[object]]) -> None:
    """Send one and note both times."""
    began = time.perf_counter()

    async def until_seen() -> None:
        await see()
        times.seen.append(time.perf_counter() - began)

    seeing = asyncio.create_task(until_seen())
    await send()
    times.answered.append(time.perf_counter() - began)
    await seeing
    await asyncio.sleep(PACE)


@dataclass
class Ours:
    """A tutor and a student of the platform."""

    tutor: Person
    student: Person
    channel: UserChannel

    async def send(self) -> None:
        """Send feedback."""
        await self.tutor.client.tutoring.send_feedback(self.student.email, _MESSAGE)

    async def see(self) -> None:
        """Return when the student's channel has it."""
        while (await anext(self.channel)).type != "feedback":
            pass


@dataclass
class Old:
    """The same two in the old design."""

    http: httpx.AsyncClient
    socket: ClientConnection

    async def send(self) -> None:
        """Send feedback."""
        body = {"studentEmail": _STUDENT, "message": _MESSAGE, "messageType": "text"}
        (await self.http.post("/feedback", json=body)).raise_for_status()

    async def see(self) -> None:
        """Return when the student's socket has it."""
        while json.loads(await self.socket.recv()).get("type") != "feedback":
            pass


async def measure(platform: RunningPlatform, old_address: str, proxy: DelayingProxy) -> dict[float, dict[str, Times]]:
    """Measure both designs in turns, for each delay of the writes."""
    async with AsyncExitStack() as stack:
        ours = await _our_pair(platform, stack)
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=old_address, timeout=30, trust_env=False))
        address = f"{old_address.replace('http', 'ws', 1)}/ws/{_STUDENT}"
        old = Old(http, await stack.enter_async_context(connect(address, proxy=None, compression=None)))
        found: dict[float, dict[str, Times]] = {}
        for delay in DELAYS:
            proxy.write_delay = delay
            found[delay] = {OURS: Times(), OLD: Times()}
            for number in range(WARM_UP + COUNT):
                kept = found[delay] if number >= WARM_UP else {OURS: Times(), OLD: Times()}
                await timed(kept[OURS], ours.send, ours.see)
                await timed(kept[OLD], old.send, old.see)
        proxy.write_delay = 0.0
        return found


async def _our_pair(platform: RunningPlatform, stack: AsyncExitStack) -> Ours:
    tutor, student = await sign_up(platform, "Tutor", role="tutor"), await sign_up(platform, "Student")
    for person in (tutor, student):
        stack.push_async_callback(person.go)
    await tutor.client.tutoring.approve(await student.client.tutoring.request(tutor.email))
    return Ours(tutor, student, await stack.enter_async_context(student.client.channel()))


def show(found: dict[float, dict[str, Times]]) -> None:
    """Print the table."""
    table = Table(
        "writes wait", "design", "student sees", "tutor is answered", title="Feedback: median times (milliseconds)"
    )
    for delay, designs in found.items():
        figures = {name: (median(times.seen), median(times.answered)) for name, times in designs.items()}
        for name, both in figures.items():
            table.add_row(f"{delay * 1000:.0f} ms", name, *(f"{one * 1000:.1f}" for one in both))
        ratios = (old / ours for ours, old in zip(figures[OURS], figures[OLD], strict=True))
        table.add_row("", "old / ours", *(f"{one:.1f} x" for one in ratios), end_section=True)
    Console(width=110, highlight=False).print(table)


@contextmanager
def started(command: list[str], address: str, **variables: str) -> Iterator[None]:
    """Run a program until the block ends; returns when it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await_answer(process, address)
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _await_answer(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(trust_env=False) as http:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if http.get(address).status_code < 500:
                    return
            except httpx.TransportError:
                pass  # it does not listen yet
            time.sleep(0.2)
    raise SystemExit(f"{address} did not answer.")


def main() -> None:
    """Start all, measure, print."""
    with tempfile.TemporaryDirectory() as own, ExitStack() as stack:
        run = Path(own) / "run"
        run.mkdir()
        aws = embedded_aws(Path(own) / "aws", "--log", str(run / "log.jsonl")).start()
        stack.callback(aws.kill)
        proxy = DelayingProxy(aws.port)
        proxy.start()
        stack.callback(proxy.stop)
        port, old_port = free_port(), free_port()
        gateway = {"PORT": str(port), "RUN_DIRECTORY": str(run), "AWS_ENDPOINT_URL": proxy.address}
        stack.enter_context(started(["cli", "up"], f"http://127.0.0.1:{port}/readyz", **gateway))
        _await_state(run)
        platform = find_platform(run)
        old = f"http://127.0.0.1:{old_port}"
        command = ["bench.synchronous_feedback", str(old_port), proxy.address, platform.table]
        stack.enter_context(started(command, f"{old}/feedback"))
        show(asyncio.run(measure(platform, old, proxy)))


def _await_state(run: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not (run / "state.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
