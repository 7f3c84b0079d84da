"""Corrections of tutors, for the student's notebook."""

from shared.domains.feedback.contract import StoreFeedback
from shared.domains.feedback.models import Feedback, FeedbackKind, FeedbackType
from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.models import Mistake, MistakeKind
from shared.kernel.ports import JobQueue


def note_corrections(job: StoreFeedback, *, jobs: JobQueue) -> None:
    """Have every correction, and every sentence to be said again, noted in its student's notebook, once a feedback.

    Raises:
        Unavailable: the queue does not take one; again notes none twice.
    """
    for one in job.feedback:
        if one.kind is FeedbackKind.CORRECTION or one.message_type is FeedbackType.SAY_AGAIN:
            jobs.enqueue(NoteMistake(mistake=_mistake(one)))


def _mistake(one: Feedback) -> Mistake:
    return Mistake(
        happening_id=f"feedback-{one.feedback_id}",
        user_id=one.student_id,
        kind=MistakeKind.FEEDBACK,
        said="",
        better=one.message,
        source="tutor",
        at=one.timestamp,
    )
