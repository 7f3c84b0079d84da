"""Tasks of tutoring."""

from shared.domains.tutoring.contract import StoreStudentStatus
from shared.domains.tutoring.rules import following
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(StoreStudentStatus)
def store_student_status(job: StoreStudentStatus, context: WorkerContext) -> None:
    """Keep what a student is doing."""
    following.store_student_status(job, tutoring=context.tutoring)
