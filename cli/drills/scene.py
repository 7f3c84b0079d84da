"""The scene of a drill: a platform of its own, the relay before its AWS, and its processes to harm."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import redis

from cli.demo_platform import RunningPlatform
from cli.demo_storage import Storage
from cli.drills.disk import a_small_disk
from cli.drills.endpoint import Endpoint
from cli.drills.relay import Relay
from cli.own_platform import OwnPlatform, own_platform
from cli.run_directory import RunDirectory
from cli.running import descendants, running
from shared.adapters.aws.clients import AwsClients

POLL_SECONDS = 0.1
_ASKED = 6
PERSISTENCE = "-Q persistence"
REDIS = "valkey"
GATEWAY = "web.wsgi:app"
BEAT = "workers.app beat"
FLOWER = "flower_app flower"


class Failed(Exception):
    """A drill could not be carried out, or the platform did not do in time what it must."""


@dataclass(frozen=True)
class Scene:
    """A running platform, and what can be done to it."""

    directory: RunDirectory
    platform: RunningPlatform
    relay: Relay
    aws: Endpoint
    redis: "redis.Redis"
    pid: int
    storage: Storage
    clients: AwsClients

    @property
    def state(self) -> dict[str, Any]:
        """Return what the platform says of itself."""
        return self.directory.read("state.json")

    def programs(self) -> dict[int, str]:
        """Return every process of the platform by its number, with its command."""
        table = running()
        return {pid: table[pid].command for pid in descendants(self.pid, table) if pid in table}

    def process(self, words: str) -> int | None:
        """Return the process with these words in its command, a parent before its children; None without one."""
        table = running(self.programs())
        found = {pid for pid, one in table.items() if words in one.command and "supervisord" not in one.command}
        first = [pid for pid in found if table[pid].parent not in found]
        return first[0] if first else None

    def child(self, words: str) -> int | None:
        """Return a process that one with these words has started, as a pool's; None where there is none."""
        parent = self.process(words)
        return next((one.pid for one in running(self.programs()).values() if parent and one.parent == parent), None)

    def supervisor(self) -> int | None:
        """Return the process that starts the others anew, and reads what they print."""
        return next((pid for pid, command in self.programs().items() if "supervisord" in command), None)

    def gateways(self) -> set[int]:
        """Return the gateway processes that serve, their master left out."""
        master = self.process(GATEWAY)
        return {one.pid for one in running(self.programs()).values() if master and one.parent == master}

    def signal(self, words: str, number: signal.Signals) -> int:
        """Send a signal to a process and return its number.

        Raises:
            Failed: there is no such process.
        """
        pid = self.process(words)
        if pid is None:
            raise Failed(f"no process `{words}`")
        os.kill(pid, number)
        return pid

    async def replaced(self, words: str, pid: int, seconds: float = 60.0) -> None:
        """Return when another process than that one does its work."""
        await until(lambda: self.process(words) not in (None, pid), f"`{words}` is replaced", seconds)

    def is_ready(self) -> bool:
        """Tell whether the gateways say so, asked several times since each answers for itself alone."""
        try:
            return all(httpx.get(f"{self.platform.base}/readyz", timeout=10).is_success for _ in range(_ASKED))
        except httpx.TransportError:
            return False

    def hasten(self, job: str) -> None:
        """Have beat ask for a job that is not due yet."""
        self.redis.hdel(f"redbeat:{job}", "meta")
        self.redis.zadd("redbeat::schedule", {f"redbeat:{job}": 0})

    def is_quiet(self) -> bool:
        """Tell whether the persistence queue and the list of what was shown and not queued are empty."""
        url = self.state["aws"]["queues"]["persistence"]
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return not any(int(count) for count in found.values()) and not self.redis.zcard("messages:unqueued")


@contextmanager
def frozen(pid: int | None) -> Iterator[None]:
    """Let a process answer nobody for a while; its connections stay open.

    Raises:
        Failed: there is no such process.
    """
    if pid is None:
        raise Failed("no process to stop")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def until(is_true: Callable[[], Any], what: str, seconds: float = 30.0, every: float = POLL_SECONDS) -> None:
    """Return when something is true; it is asked in a thread.

    Raises:
        Failed: it was not in that time.
    """
    try:
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(is_true):
                await asyncio.sleep(every)
    except TimeoutError:
        raise Failed(f"{what}: not within {seconds:.0f} s") from None


def _scene(directory: RunDirectory, started: OwnPlatform, relay: Relay, aws: Endpoint, link: "redis.Redis") -> Scene:
    platform = started.platform
    clients = AwsClients(platform.settings)
    return Scene(directory, platform, relay, aws, link, started.pid, Storage(platform), clients)


@asynccontextmanager
async def a_scene(*, has_small_disk: bool = False, **settings: str) -> AsyncIterator[Scene]:
    """Start a platform in a temporary directory, its AWS behind a relay, and stop all of it afterwards.

    With a small disk what it logs lies on one of its own.
    """
    with ExitStack() as places:
        temporary = Path(places.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        if has_small_disk:
            places.enter_context(a_small_disk(temporary / "run", temporary / "stores"))
        directory = RunDirectory(temporary / "run")
        aws = Endpoint(directory)
        relay = Relay(aws.port)
        address = await relay.start()
        try:
            await asyncio.to_thread(aws.start)
            starting = own_platform(directory.path, AWS_ENDPOINT_URL=address, REDIS_URL="", **settings)
            started = await asyncio.to_thread(starting.__enter__)
            try:
                link = redis.Redis.from_url(directory.read("state.json")["addresses"]["redis"])
                yield _scene(directory, started, relay, aws, link)
                link.close()
            finally:
                await asyncio.to_thread(starting.__exit__, None, None, None)
        finally:
            await relay.stop()
            await asyncio.to_thread(aws.stop)
