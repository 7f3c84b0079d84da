"""Deploys during lessons: every gateway and worker is replaced while people talk; a bad release, and the way back."""

import asyncio
import math
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import PERSISTENCE, Scene
from cli.drills.site import NotReady, Site, a_site
from cli.drills.talk import Talk, a_talk

RECONNECTED_SECONDS = 5.0
SAMPLE_SECONDS = 0.02
ASK_SECONDS = 0.2
BAD_READY_SECONDS = 15.0
NOWHERE = "redis://127.0.0.1:1/0"


async def rolling_restart(scene: Scene, scale: Scale) -> Outcome:
    """Replace two gateways host by host, and the worker, again and again: of 100 cut, 99 are back within 5 s."""
    rounds, people = scale.of(1, 3), scale.of(4, 24)
    async with a_site(scene, "1") as site, a_talk(site.scene, people=people) as talk, watched(talk) as watch:
        await talk.said(20)
        for number in range(rounds):
            await site.deploy(str(number + 2))
            await site.restart_workers(PERSISTENCE, signal.SIGTERM)
            await talk.said(20)
        outcome = await talk.judged(await talk.recovered())
    return watch.told(outcome, f"{rounds} times two gateways and a worker, {people} people")


async def rollback(scene: Scene, scale: Scale) -> Outcome:
    """Deploy a release that never gets ready, one that does, and go back to the first, while people talk."""
    people = scale.of(4, 24)
    async with a_site(scene, "1") as site, a_talk(site.scene, people=people) as talk, watched(talk) as watch:
        await talk.said(20)
        faults = await _stopped_by_a_bad_release(site)
        await site.deploy("2")
        await site.restart_workers(PERSISTENCE, signal.SIGTERM)
        await talk.said(20)
        await site.deploy("1")
        await site.restart_workers(PERSISTENCE, signal.SIGTERM)
        await talk.said(20)
        versions = {host.version for host in site.hosts}
        outcome = await talk.judged(await talk.recovered())
    outcome.faults += faults + ([] if versions == {"1"} else [f"releases {versions} serve after going back"])
    return watch.told(outcome, f"a release that is never ready, one that is, and back, {people} people")


async def _stopped_by_a_bad_release(site: Site) -> list[str]:
    before = list(site.hosts)
    try:
        await site.deploy("bad", ready_seconds=BAD_READY_SECONDS, REDIS_URL=NOWHERE)
    except NotReady:
        return [] if site.hosts == before else ["a bad release replaced a host"]
    return ["a release that is not ready was deployed"]


@dataclass
class Watch:
    """How long each connection was cut, and how long in a row nobody was served."""

    cuts: list[float] = field(default_factory=list)
    longest_refusal: float = 0.0
    asked: int = 0

    def told(self, outcome: Outcome, note: str) -> Outcome:
        """Return the outcome with what was seen, and a fault where somebody was away for too long."""
        ordered = sorted(self.cuts)
        late = ordered[math.ceil(len(ordered) * 0.99) - 1] if ordered else 0.0
        outcome.note = (
            f"{note}; {len(ordered)} cuts, back after {late:.2f} s (p99); "
            f"{self.asked} asked, none served for {self.longest_refusal:.2f} s at most"
        )
        if late > RECONNECTED_SECONDS:
            outcome.faults.append(f"reconnected after {late:.1f} s at the 99th of a hundred")
        if self.longest_refusal > RECONNECTED_SECONDS:
            outcome.faults.append(f"nobody was served for {self.longest_refusal:.1f} s")
        if not ordered:
            outcome.faults.append("nobody was cut: nothing was drilled")
        return outcome


@asynccontextmanager
async def watched(talk: Talk) -> AsyncIterator[Watch]:
    """Watch every connection of a talk, and ask the gateways as a stranger would, until the end."""
    watch = Watch()
    tasks = [asyncio.create_task(_sample(talk, watch)), asyncio.create_task(_ask(talk.scene.platform.base, watch))]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _sample(talk: Talk, watch: Watch) -> None:
    since: dict[str, float] = {}
    while True:
        for person in talk.people:
            if not person.connection.is_live:
                since.setdefault(person.name, time.perf_counter())
            elif person.name in since:
                watch.cuts.append(time.perf_counter() - since.pop(person.name))
        await asyncio.sleep(SAMPLE_SECONDS)


async def _ask(base: str, watch: Watch) -> None:
    served = time.perf_counter()
    while True:
        async with httpx.AsyncClient(trust_env=False, timeout=RECONNECTED_SECONDS) as client:
            try:
                is_served = (await client.get(f"{base}/healthz")).is_success
            except httpx.TransportError:
                is_served = False
        now = time.perf_counter()
        watch.asked += 1
        if is_served:
            served = now
        watch.longest_refusal = max(watch.longest_refusal, 0.0 if is_served else now - served)
        await asyncio.sleep(ASK_SECONDS)
