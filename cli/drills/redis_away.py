"""Redis does not answer for a while: connections stay open and nothing comes back."""

import asyncio

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import REDIS, Scene, frozen
from cli.drills.talk import a_talk


async def redis_away(scene: Scene, scale: Scale) -> Outcome:
    """Stop Redis for some seconds in the middle of a talk; clients try again what was refused."""
    away = scale.of(4.0, 30.0)
    async with a_talk(scene) as talk:
        await talk.said(20)
        with frozen(scene.process(REDIS)):
            await asyncio.sleep(away)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"away for {away:.0f} s"
    return outcome
