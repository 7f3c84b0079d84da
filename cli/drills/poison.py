"""Bodies that nobody can read or run come on the live queue, in the middle of traffic."""

import asyncio
import time
from collections.abc import Mapping

from cli.drills.poisons import LETTER, RUNS, Poisons
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import PERSISTENCE, Scene
from cli.drills.talk import a_talk
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.table import Table
from shared.domains.dead_letters.contract import SweepRedriveQueues
from shared.domains.dead_letters.models import Wanted
from shared.domains.messages.contract import StoreMessages
from shared.kernel.queues import Queue

WITHIN_SECONDS = 120.0
QUICK_SECONDS = 360.0
"""In the quick form, which the tests run beside much else on the same processor."""
_MANY = 500


async def poison(scene: Scene, scale: Scale) -> Outcome:
    """Send every poison while people talk, and wait for its dead letter.

    What runs in a test's own worker has no arguments of ours, so that it too is given up. A task that no worker here
    knows is left out: it waits for a newer worker by design, and becomes a letter after some minutes.
    """
    worker = scene.process(PERSISTENCE)
    async with a_talk(scene) as talk:
        await talk.said(20)
        began = time.perf_counter()
        sent = await asyncio.to_thread(_send, scene)
        within = scale.of(QUICK_SECONDS, WITHIN_SECONDS)
        missing = await _await_letters(scene, sent, within, is_hastened=not scale.is_long)
        seconds = time.perf_counter() - began
        outcome = await talk.judged(await talk.recovered())
    outcome.hidden = len(missing)
    outcome.faults += [f"no dead letter of `{name}` within {within:.0f} s" for name in missing]
    if scene.process(PERSISTENCE) != worker:
        outcome.faults.append("the worker died of it")
    outcome.note = f"{len(sent)} poisons, all dead letters after {seconds:.0f} s"
    return outcome


def _send(scene: Scene) -> dict[str, str]:
    """Send the poisons and return their names by SQS's messageId."""
    url = scene.state["aws"]["queues"][Queue.PERSISTENCE.value]
    bodies = {
        name: body for name, (body, fate) in Poisons(StoreMessages.name).bodies().items() if fate in (LETTER, RUNS)
    }
    return {
        scene.clients.sqs.send_message(QueueUrl=url, MessageBody=body)["MessageId"]: name
        for name, body in bodies.items()
    }


async def _await_letters(scene: Scene, sent: Mapping[str, str], within: float, *, is_hastened: bool) -> list[str]:
    """Return the names of those without a letter when the time is over; a letter has its job's id or the message's."""
    letters = DynamoLetters(Table(scene.clients.dynamodb, scene.platform.table))
    deadline = time.monotonic() + within
    while True:
        if is_hastened:
            await asyncio.to_thread(scene.hasten, SweepRedriveQueues.name)
        page = await asyncio.to_thread(letters.find, Wanted(queue=Queue.PERSISTENCE), limit=_MANY, position=None)
        found = {letter.id for letter in page.items}
        missing = [name for message_id, name in sent.items() if not {message_id, name} & found]
        if not missing or time.monotonic() > deadline:
            return missing
        await asyncio.sleep(1)
