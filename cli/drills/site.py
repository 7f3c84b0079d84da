"""Gateways of several releases behind a load balancer, replaced host by host as a deploy does."""

import asyncio
import os
import shlex
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx

from cli.drills.balancer import Balancer
from cli.drills.scene import Scene, until
from cli.drills.stand_ins import environment_of, read_configuration
from cli.own_platform import ROOT
from cli.ports import choose_ports

READY_SECONDS = 120.0
STOP_SECONDS = 40.0
PROGRAM = "web"


class NotReady(Exception):
    """A host of the new release did not get ready in time; those of the old one still serve."""


@dataclass(frozen=True)
class Host:
    """One gateway on a port of its own."""

    port: int
    version: str
    process: "subprocess.Popen[bytes]"

    def is_ready(self) -> bool:
        """Tell whether it says so, as a load balancer asks."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False


@dataclass
class Site:
    """Hosts behind a balancer; `scene` is the platform's, reached by way of it."""

    scene: Scene
    balancer: Balancer
    hosts: list[Host] = field(default_factory=list)

    async def deploy(self, version: str, *, ready_seconds: float = READY_SECONDS, **changed: str) -> None:
        """Replace every host: a new one starts and is ready, then an old one drains and goes.

        Raises:
            NotReady: a new one was not ready in time; it is gone again, and nothing else was touched.
        """
        for old in list(self.hosts):
            await self.add(version, ready_seconds=ready_seconds, **changed)
            self.hosts.remove(old)
            self.balancer.take_out(old.port)
            await asyncio.to_thread(_end, old)

    async def add(self, version: str, *, ready_seconds: float = READY_SECONDS, **changed: str) -> None:
        """Start a host, and send it connections when it is ready.

        Raises:
            NotReady: see `deploy`.
        """
        host = await asyncio.to_thread(_start, self.scene, version, changed)
        try:
            async with asyncio.timeout(ready_seconds):
                while not await asyncio.to_thread(host.is_ready):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            await asyncio.to_thread(_end, host)
            raise NotReady(f"release {version} is not ready") from None
        self.hosts.append(host)
        self.balancer.put_in(host.port)

    async def restart_workers(self, words: str, signal_number: int) -> None:
        """End a worker as a deploy does, and return when the next one is there."""
        await until(lambda: self.scene.process(words) is not None, f"`{words}` runs")
        pid = self.scene.process(words)
        assert pid is not None
        os.kill(pid, signal_number)
        await self.scene.replaced(words, pid)


@asynccontextmanager
async def a_site(scene: Scene, version: str, *, hosts: int = 2) -> AsyncIterator[Site]:
    """Give gateways of a release behind a balancer, and end all of them afterwards."""
    balancer = Balancer()
    platform = replace(scene.platform, base=await balancer.start())
    site = Site(replace(scene, platform=platform), balancer)
    try:
        for _ in range(hosts):
            await site.add(version)
        yield site
    finally:
        await balancer.stop()
        for host in site.hosts:
            await asyncio.to_thread(_end, host)


def _start(scene: Scene, version: str, changed: dict[str, str]) -> Host:
    port = choose_ports(["web"], {})["web"]
    configuration = read_configuration(scene.directory)
    command = shlex.split(configuration[f"program:{PROGRAM}"]["command"].replace("%%", "%"))
    own = {"PORT": str(port), "VERSION": version, "WEB_CONCURRENCY": "1", "METRICS_PORT": "0", **changed}
    environment = os.environ | environment_of(configuration, PROGRAM) | own
    with open(scene.directory.program_log(f"gateway-{port}"), "ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    return Host(port, version, process)


def _end(host: Host) -> None:
    host.process.terminate()
    try:
        host.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        host.process.kill()
        host.process.wait()
