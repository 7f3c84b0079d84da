"""Redis dies by kill -9, and the supervisor starts another on what it had written."""

import signal

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import REDIS, Scene
from cli.drills.talk import a_talk


async def redis_killed(scene: Scene, scale: Scale) -> Outcome:
    """Kill Redis while people talk, each time when some more was said."""
    kills = scale.of(1, 5)
    async with a_talk(scene) as talk:
        for _ in range(kills):
            await talk.said(40)
            killed = scene.signal(REDIS, signal.SIGKILL)
            await scene.replaced(REDIS, killed)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{kills} kills"
    return outcome
