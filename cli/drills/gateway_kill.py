"""Gateways die by kill -9 between showing a message and queuing it, and its sender never comes back."""

import asyncio
import os
import signal

from cli.demo_people import Person
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene, frozen, until
from cli.drills.talk import Talk, a_talk

SHOWN_EACH = 5
READY_SECONDS = 180.0
"""For what a busy machine takes long to bring about, and is not the harm."""


async def gateway_kill(scene: Scene, scale: Scale) -> Outcome:
    """Show messages while AWS takes nothing, kill every gateway, and see that the sweep stores what was shown.

    In each round one person speaks and is gone; another listens.
    """
    rounds = scale.of(2, 10)
    async with a_talk(scene, people=rounds + 1) as talk:
        await talk.hush()
        for number in range(rounds):
            await _round(talk, talk.people[number], talk.people[-1])
        recovery = await talk.all_shown_stored()
        outcome = await talk.judged(recovery, in_order=False)
    outcome.note = f"{len(talk.record.shown)} shown, {rounds} times all gateways killed"
    return outcome


async def _round(talk: Talk, speaker: Person, listener: Person) -> None:
    scene = talk.scene
    await until(lambda: speaker.connection.is_live and listener.connection.is_live, "both are connected", READY_SECONDS)
    heard = len(listener.heard)
    gateways = scene.gateways()
    with frozen(scene.aws.pid):
        words = [f"{speaker.name} {number} unqueued" for number in range(SHOWN_EACH)]
        saying = [asyncio.create_task(talk.say(speaker, one)) for one in words]
        await until(lambda: len(listener.heard) >= heard + SHOWN_EACH, "it is shown", READY_SECONDS)
        for gateway in gateways:
            os.kill(gateway, signal.SIGKILL)
        await speaker.connection.close()
        await asyncio.gather(*saying, return_exceptions=True)
    await until(lambda: len(scene.gateways() - gateways) == len(gateways), "the gateways are replaced", READY_SECONDS)
