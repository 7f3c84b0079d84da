"""The rules of showing queues and workers."""

from datetime import UTC, datetime

from shared.domains.operations.contract import QueueItem, QueueList, WorkerItem, WorkerList
from shared.domains.operations.models import QueueDepth, Sample, Trend, WorkerSign
from shared.domains.operations.ports import QueueDepths, QueueHistory, WorkerSigns
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name
from shared.kernel.times import timestamp

WAITED_TOO_LONG: dict[Queue, float] = {
    Queue.AI_CHAT: 10.0,
    Queue.AI_TASKS: 15.0,
    Queue.TTS: 15.0,
    Queue.TTS_LONG: 60.0,
    Queue.SPEECH: 20.0,
    Queue.PERSISTENCE: 30.0,
    Queue.DEAD_LETTERS: 300.0,
    Queue.GRAPH_REQUESTS: 900.0,
    Queue.GRAPH_RESULTS: 60.0,
}
"""Seconds: somebody watches a clock turn while the first four wait; the alarms have the same numbers."""
FRESH_SECONDS = 45.0
"""An older sample is no news: then SQS is asked."""
TREND_SECONDS = 300.0
SHORTEST_SECONDS = 30.0
STEADY_PER_MINUTE = 1.0


def show_queues(*, depths: QueueDepths, history: QueueHistory, signs: WorkerSigns, clock: Clock) -> QueueList:
    """Return every queue as the poller saw it last, or as SQS counts it now; with its trend where that is known.

    Raises:
        Unavailable: nobody polled of late, and SQS does not answer.
    """
    now = clock.now().timestamp()
    samples = _samples(history)
    if not samples or now - samples[-1].at > FRESH_SECONDS:
        samples = [*samples, Sample(at=now, queues=depths.read())]
    last, workers = samples[-1], _living(signs)
    return QueueList(
        at=timestamp(datetime.fromtimestamp(last.at, UTC)),
        queues=[_item(depth, samples, workers) for depth in last.queues],
    )


def show_workers(*, signs: WorkerSigns) -> WorkerList:
    """Return the workers that live, and the queues to which none of them listens.

    Raises:
        Unavailable: nobody can tell.
    """
    living = signs.living()
    attended = {queue for sign in living for queue in sign.queues}
    return WorkerList(
        workers=[WorkerItem.model_validate(sign.model_dump()) for sign in living],
        unattended=[queue.value for queue in Queue if queue.value not in attended],
    )


def change_per_minute(queue: str, samples: list[Sample]) -> float | None:
    """Return by how much what waits on a queue rose in a minute, of late; None where too little was seen."""
    seen = [(sample.at, depth.waiting) for sample in samples for depth in sample.queues if depth.queue == queue]
    if not seen:
        return None
    until, last = seen[-1]
    since, first = next((at, waiting) for at, waiting in seen if until - at <= TREND_SECONDS)
    if until - since < SHORTEST_SECONDS:
        return None
    return round((last - first) / (until - since) * 60, 1)


def trend_of(change: float | None) -> Trend:
    """Return a change in one word."""
    if change is None:
        return Trend.UNKNOWN
    if abs(change) < STEADY_PER_MINUTE:
        return Trend.STEADY
    return Trend.RISING if change > 0 else Trend.FALLING


def _item(depth: QueueDepth, samples: list[Sample], workers: list[WorkerSign]) -> QueueItem:
    change = change_per_minute(depth.queue, samples)
    has_dead = POLICIES[Queue(depth.queue)].has_dead_letter_queue
    return QueueItem(
        queue=depth.queue,
        depth=depth.waiting,
        in_flight=depth.in_flight,
        oldest_seconds=depth.oldest_seconds,
        recent=[one.waiting for sample in samples for one in sample.queues if one.queue == depth.queue],
        too_long_seconds=WAITED_TOO_LONG[Queue(depth.queue)],
        trend=trend_of(change),
        change_per_minute=change,
        dead_letter_queue=dead_letter_queue_name(depth.queue) if has_dead else None,
        dead_letters=depth.dead,
        workers=sum(depth.queue in sign.queues for sign in workers),
    )


def _samples(history: QueueHistory) -> list[Sample]:
    try:
        return history.samples()
    except Unavailable:
        return []


def _living(signs: WorkerSigns) -> list[WorkerSign]:
    try:
        return signs.living()
    except Unavailable:
        return []
