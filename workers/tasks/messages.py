"""Tasks of messages."""

from shared.domains.messages.contract import MESSAGES_PER_JOB, KeepVoiceKey, StoreMessages, SweepUnqueued
from shared.domains.messages.rules import storing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(StoreMessages)
def store_messages(job: StoreMessages, context: WorkerContext) -> None:
    """Store what was said."""
    storing.store_messages(
        job,
        messages=context.messages,
        log=context.room_log,
        rooms=context.rooms,
        clock=context.clock,
        metrics=context.metrics,
    )


@handles(KeepVoiceKey)
def keep_voice_key(job: KeepVoiceKey, context: WorkerContext) -> None:
    """Note on a message where it is heard."""
    storing.keep_voice_key(job, messages=context.messages)


@handles(SweepUnqueued)
def sweep_unqueued(job: SweepUnqueued, context: WorkerContext) -> None:
    """Queue what was shown and never queued."""
    storing.sweep_unqueued(
        job,
        log=context.room_log,
        jobs=context.jobs,
        older_than_seconds=context.settings.unqueued_after_seconds,
        per_job=MESSAGES_PER_JOB // 4,
    )
