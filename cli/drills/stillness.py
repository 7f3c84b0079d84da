"""Processes that stand still and go on later, and all of them dead at once."""

import asyncio
import os
import signal
from contextlib import suppress

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import BEAT, PERSISTENCE, REDIS, Scene, until
from cli.drills.talk import a_talk

KINDS = (PERSISTENCE, "-Q dead-letters", "-Q tts", "-Q ai-chat.fifo", BEAT)


async def frozen_processes(scene: Scene, scale: Scale) -> Outcome:
    """Stop one process of each type for longer than a lease, then let it go on: its late results change nothing."""
    seconds = scale.of(8.0, 90.0)
    kinds = KINDS if scale.is_long else KINDS[:1]
    async with a_talk(scene) as talk:
        for words in kinds:
            await talk.said(20)
            pid = scene.signal(words, signal.SIGSTOP)
            try:
                await asyncio.sleep(seconds)
            finally:
                with suppress(ProcessLookupError):  # its supervisor may have ended it meanwhile
                    os.kill(pid, signal.SIGCONT)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{len(kinds)} types stopped for {seconds:.0f} s each"
    return outcome


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
