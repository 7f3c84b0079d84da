"""Redis loses its memory in the middle of a talk."""

import asyncio

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene
from cli.drills.talk import a_talk


async def redis_flushed(scene: Scene, scale: Scale) -> Outcome:
    """Empty Redis while people talk, each time when some more was said."""
    times = scale.of(1, 5)
    async with a_talk(scene) as talk:
        for _ in range(times):
            await talk.said(40)
            await asyncio.to_thread(scene.redis.flushall)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{times} times emptied"
    return outcome
