"""Workers are told to end while they work, as a deploy does."""

import signal

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import PERSISTENCE, Scene
from cli.drills.talk import a_talk


async def worker_term(scene: Scene, scale: Scale) -> Outcome:
    """Tell the worker to end, wait until the next one has caught up, and do that again; the longest wait counts."""
    deploys, longest = scale.of(2, 10), 0.0
    async with a_talk(scene) as talk:
        for _ in range(deploys):
            await talk.said(20)
            ended = scene.signal(PERSISTENCE, signal.SIGTERM)
            await scene.replaced(PERSISTENCE, ended)
            longest = max(longest, await talk.recovered())
        outcome = await talk.judged(longest)
    outcome.note = f"{deploys} deploys"
    return outcome
