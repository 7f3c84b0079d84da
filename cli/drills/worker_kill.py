"""Workers die by kill -9 at random moments, under load."""

import asyncio
import random
import signal

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import PERSISTENCE, Scene
from cli.drills.talk import a_talk


async def worker_kill(scene: Scene, scale: Scale) -> Outcome:
    """Kill the worker again and again, each time soon after the last was replaced and has begun to work."""
    kills = scale.of(3, 20)
    async with a_talk(scene) as talk:
        await talk.said(20)
        for number in range(kills):
            killed = scene.signal(PERSISTENCE, signal.SIGKILL)
            if number < kills - 1:
                await scene.replaced(PERSISTENCE, killed)
                await asyncio.sleep(random.uniform(0.0, scale.of(1.0, 5.0)))
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{kills} kills"
    return outcome
