"""Workers are told to end while they work, as a deploy does."""

import signal

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import PERSISTENCE, Scene
from cli.drills.talk import a_talk


async def worker_term(scene: Scene, scale: Scale) -> Outcome:
    """Tell the worker to end, wait for the next one, and do that again."""
    deploys = scale.of(2, 10)
    async with a_talk(scene) as talk:
        for _ in range(deploys):
            await talk.said(20)
            ended = scene.signal(PERSISTENCE, signal.SIGTERM)
            await scene.replaced(PERSISTENCE, ended)
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"{deploys} deploys"
    return outcome
