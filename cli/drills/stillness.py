"""Processes that stand still and go on later, and all of them dead at once."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import BEAT, FLOWER, GATEWAY, PERSISTENCE, REDIS, Scene, until
from cli.drills.talk import a_talk

NOTICED_SECONDS = 30.0
"""Within it a supervisor has to see that a process does nothing any more, and to end it."""
BETWEEN_SECONDS = 20.0
"""Longer than a lease, shorter than a supervisor's patience: what was stopped so long comes back with late results."""
STOPPED_SECONDS = 90.0

Kind = Callable[[Scene], int | None]


def _words(words: str) -> Kind:
    return lambda scene: scene.process(words)


KINDS: dict[str, Kind] = {
    "persistence": _words(PERSISTENCE),
    "tts": _words("-Q tts"),
    "ai": _words("-Q ai-chat.fifo"),
    "speech": _words("-Q speech"),
    "speech's pool": lambda scene: scene.child("-Q speech"),
    "graphs": _words("-Q graph-requests"),
    "graph-results": _words("-Q graph-results"),
    "dead-letters": _words("-Q dead-letters"),
    "beat": _words(BEAT),
    "flower": _words(FLOWER),
    "a gateway": lambda scene: next(iter(scene.gateways()), None),
    "the gateways' master": _words(GATEWAY),
}


PARENTS = frozenset({"speech", "the gateways' master"})
"""They end what they have started: to see that, they must not stand still beside it."""


async def frozen_processes(scene: Scene, scale: Scale) -> Outcome:
    """Stop one process after the other for longer than a lease, then let it go on: its late results change nothing.

    In the long form then one of each type at once, and two parents after their children: each has to be noticed within
    half a minute, and ended.
    """
    seconds = scale.of(8.0, BETWEEN_SECONDS)
    kinds = list(KINDS.values()) if scale.is_long else [KINDS["persistence"]]
    noticed: dict[str, float] = {}
    async with a_talk(scene) as talk:
        for kind in kinds:
            await talk.said(20)
            await _stopped(kind(scene), seconds)
        if scale.is_long:
            for names in (KINDS.keys() - PARENTS, PARENTS):
                noticed |= await _noticed(scene, names)
        outcome = await talk.judged(await talk.recovered())
    late = {name: took for name, took in noticed.items() if took > NOTICED_SECONDS}
    outcome.faults += [f"{name} stood still for {took:.0f} s" for name, took in late.items()]
    outcome.note = f"{len(kinds)} types stopped for {seconds:.0f} s each"
    if noticed:
        outcome.note += f"; all at once, noticed and ended after {max(noticed.values()):.0f} s at most"
    return outcome


async def _stopped(pid: int | None, seconds: float) -> None:
    if pid is None:
        return
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        with suppress(ProcessLookupError):  # its supervisor may have ended it meanwhile
            os.kill(pid, signal.SIGCONT)


async def _noticed(scene: Scene, names: Collection[str]) -> dict[str, float]:
    """Stop one of each at once, and return the seconds until each was ended; 90 where it never was, and goes on."""
    began = time.monotonic()
    left = {name: pid for name in names if (pid := KINDS[name](scene)) is not None}
    for pid in left.values():
        os.kill(pid, signal.SIGSTOP)
    found: dict[str, float] = {}
    while left and time.monotonic() - began < STOPPED_SECONDS:
        await asyncio.sleep(0.5)
        for name in [name for name, pid in left.items() if not _is_stopped(pid)]:
            found[name] = time.monotonic() - began
            del left[name]
    for pid in left.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return found | dict.fromkeys(left, STOPPED_SECONDS)


def _is_stopped(pid: int) -> bool:
    """Tell whether a process still stands where it was stopped, by the kernel's word for it."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


async def power_cut(scene: Scene, scale: Scale) -> Outcome:
    """Kill every process at once, Redis and the endpoint with its store too, and let the supervisor bring them back."""
    cuts = scale.of(1, 5)
    async with a_talk(scene) as talk:
        for _ in range(cuts):
            await talk.said(20)
            redis = scene.process(REDIS)
            _kill(scene)
            await asyncio.to_thread(scene.aws.start)
            if redis is not None:
                await scene.replaced(REDIS, redis)
            await until(lambda: scene.process(PERSISTENCE), "the worker is back", 120.0)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{cuts} times everything at once, the end of the endpoint's journal torn"
    return outcome


def _kill(scene: Scene) -> None:
    """Kill all but the supervisor, which stands for the machine's own start, and tear the journal's end."""
    spared = {scene.pid, scene.supervisor(), os.getpid()}
    for pid in scene.programs():
        if pid not in spared:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    scene.aws.cut()
