"""Tasks of statistics."""

from shared.domains.statistics.contract import RecordEvent
from shared.domains.statistics.rules import recording
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(RecordEvent)
def record_event(job: RecordEvent, context: WorkerContext) -> None:
    """Count what a student did."""
    recording.record_event(job, store=context.statistics)
