"""Every message of every queue arrives two to five times, some of them seconds late."""

import random

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene
from cli.drills.talk import a_talk


async def duplicate_storm(scene: Scene, scale: Scale) -> Outcome:
    """Talk through the storm; after it, what it has left is stored."""
    before = scene.relay.copied
    scene.relay.copies = lambda: random.randint(2, 5)
    try:
        async with a_talk(scene, people=6) as talk:
            await talk.said(scale.of(300, 10_000), seconds=scale.of(300.0, 900.0))
            scene.relay.copies = lambda: 1
            outcome = await talk.judged(await talk.recovered())
    finally:
        scene.relay.copies = lambda: 1
    outcome.note = f"{scene.relay.copied - before} copies"
    return outcome
