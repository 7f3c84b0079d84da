"""Tasks of feedback."""

from shared.domains.feedback.contract import StoreFeedback
from shared.domains.feedback.rules import noting, storing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(StoreFeedback)
def store_feedback(job: StoreFeedback, context: WorkerContext) -> None:
    """Keep feedback, and push it to a student who has come back."""
    storing.store_feedback(job, feedback=context.feedback, channels=context.live_channels, presence=context.channels)
    noting.note_corrections(job, jobs=context.jobs)
