"""Nothing that only observes can be written or read: a full disk under every log, and readers that stopped."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import GATEWAY, PERSISTENCE, Scene, frozen
from cli.drills.talk import a_talk

SUPERVISOR = "supervisord"
PROGRAMS = (GATEWAY, "celery")


async def disk_full(scene: Scene, scale: Scale) -> Outcome:
    """Let no process of ours write another byte to a file while people talk; the store and Redis have a disk left."""
    seconds = scale.of(6.0, 60.0)
    async with a_talk(scene) as talk:
        await talk.said(20)
        with _no_room([pid for pid, command in scene.programs().items() if any(word in command for word in PROGRAMS)]):
            await asyncio.sleep(seconds)
            await talk.said(20)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"no byte to any file for {seconds:.0f} s"
    return outcome


async def sink_slow(scene: Scene, scale: Scale) -> Outcome:
    """Stop the supervisor, which reads what all processes print, for longer than a pipe takes to fill."""
    seconds = scale.of(8.0, 60.0)
    worker = scene.process(PERSISTENCE)
    async with a_talk(scene) as talk:
        await talk.said(20)
        with frozen(scene.supervisor()):
            await asyncio.sleep(seconds)
            await talk.said(20)
        outcome = await talk.judged(await talk.recovered())
    if scene.process(PERSISTENCE) != worker:
        outcome.faults.append("the worker died of it")
    outcome.note = f"nobody read what was printed for {seconds:.0f} s"
    return outcome


@contextmanager
def _no_room(pids: list[int]) -> Iterator[None]:
    """Let writes beyond the first byte of a file fail in these processes, as they do on a full disk."""
    before = {}
    for pid in pids:
        with suppress(ProcessLookupError):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[pid][1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
