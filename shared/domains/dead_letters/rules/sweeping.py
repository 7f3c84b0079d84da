"""The rules of sweeping: whatever lies in the queues' own dead-letter queues becomes a letter."""

from collections.abc import Iterator
from typing import Any

from shared.domains.dead_letters.contract import Letter, ParkMessage, RouteDeadLetter, SweepRedriveQueues
from shared.domains.dead_letters.models import Death, Redriven
from shared.domains.dead_letters.ports import RedriveQueues
from shared.kernel.claims import key_of
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.queues import POLICIES, Queue
from shared.kernel.times import timestamp

RECEIVES_A_SWEEP = 20
SET_ASIDE = {
    "rejected": Death.FAILED,
    "crash_loop": Death.NEVER_ACKNOWLEDGED,
    "revoked": Death.WITHDRAWN,
    "expired": Death.WITHDRAWN,
    "terminated": Death.WITHDRAWN,
}


def sweep_redrive_queues(
    _job: SweepRedriveQueues, *, redrive_queues: RedriveQueues, jobs: JobQueue, clock: Clock
) -> None:
    """Queue a letter for every message in the queues' own dead-letter queues, and only then delete it.

    Two sweeps at once, or one that dies in between, report a death twice, which is recorded once.

    Raises:
        Unavailable: some queue did not answer; the others were swept.
    """
    missed: Unavailable | None = None
    for queue in (queue for queue in Queue if POLICIES[queue].has_dead_letter_queue):
        try:
            for message in _lying_in(queue, redrive_queues):
                _report(message, jobs, clock)
                redrive_queues.delete(message)
        except Unavailable as problem:
            missed = problem
    if missed is not None:
        raise missed


def _report(message: Redriven, jobs: JobQueue, clock: Clock) -> None:
    """Queue a message's letter; one of which none can be written is parked, and keeps nobody else waiting."""
    try:
        jobs.enqueue(RouteDeadLetter(letter=_reported(message, clock)))
    except (ValueError, TypeError, LookupError) as problem:
        error = f"{message.queue.value}: {type(problem).__name__}"
        jobs.enqueue(ParkMessage(body=message.body, error=error, message_id=message.message_id))


def _lying_in(queue: Queue, redrive_queues: RedriveQueues) -> Iterator[Redriven]:
    for _ in range(RECEIVES_A_SWEEP):
        found = redrive_queues.receive(queue)
        if not found:
            return
        yield from found


def _reported(message: Redriven, clock: Clock) -> Letter:
    job = message.job
    death = SET_ASIDE.get(message.reason, Death.UNREADABLE) if message.reason else Death.NEVER_ACKNOWLEDGED
    error = message.error or f"received {message.receives} times and never acknowledged"
    fields: dict[str, Any] = {"raw_body": message.body}
    if job is not None:
        key = key_of(job.arguments)
        held = {"arguments_key": key} if key else {"arguments": job.arguments}
        fields = {"correlation_id": job.correlation_id, "replays": job.replays, **held}
    return Letter(
        job_id=job.job_id if job else message.job_id or message.message_id,
        task=job.task if job else message.task,
        queue=message.queue.value,
        death=death if job else Death.UNREADABLE,
        error=f"{message.reason or death.value}: {error}",
        attempts=message.attempts,
        receives=message.receives,
        message_group=message.group,
        first_at=timestamp(message.sent_at),
        last_at=timestamp(clock.now()),
        **fields,
    )
