"""DynamoDB refuses half of all calls as too many for a while."""

import asyncio

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene
from cli.drills.talk import a_talk

SHARE = 0.5


async def throttled(scene: Scene, scale: Scale) -> Outcome:
    """Talk while DynamoDB throttles, and after it."""
    seconds = scale.of(3.0, 60.0)
    before = scene.relay.throttled
    async with a_talk(scene) as talk:
        await talk.said(20)
        scene.relay.throttled_share = SHARE
        try:
            await asyncio.sleep(seconds)
        finally:
            scene.relay.throttled_share = 0.0
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{scene.relay.throttled - before} calls throttled in {seconds:.0f} s"
    return outcome
