"""Tasks of tutoring."""

from shared.domains.tutoring import service
from shared.domains.tutoring.contract import StoreStudentStatus
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(StoreStudentStatus)
def store_student_status(job: StoreStudentStatus, context: WorkerContext) -> None:
    """Keep what a student is doing."""
    service.store_student_status(job, tutoring=context.tutoring)
