from typing import Any

import pytest

from shared.adapters.memory.kernel import MemoryJobs
from shared.domains.feedback.contract import StoreFeedback
from shared.domains.feedback.models import Feedback, FeedbackKind, FeedbackType
from shared.domains.feedback.rules.noting import note_corrections
from shared.domains.notebook.contract import NoteMistake


def some_feedback(**fields: Any) -> Feedback:
    given: dict[str, Any] = {
        "feedback_id": "f1",
        "tutor_email": "tom@example.com",
        "tutor_id": "tom",
        "student_email": "ann@example.com",
        "student_id": "ann",
        "message": "I went there yesterday.",
        "message_type": FeedbackType.TEXT,
        "timestamp": "2026-01-02T03:04:05.000000Z",
    }
    return Feedback(**given | fields)


@pytest.mark.parametrize(
    ("fields", "is_noted"),
    [
        ({"kind": FeedbackKind.CORRECTION}, True),
        ({"message_type": FeedbackType.SAY_AGAIN}, True),
        ({"kind": FeedbackKind.PRAISE}, False),
        ({}, False),
    ],
)
def test_corrections_of_a_tutor_are_noted_under_their_feedback(fields: dict[str, Any], is_noted: bool) -> None:
    jobs = MemoryJobs()
    for _ in range(2):
        note_corrections(StoreFeedback(feedback=[some_feedback(**fields)]), jobs=jobs)

    noted = [job.mistake for job in jobs.jobs if isinstance(job, NoteMistake)]
    assert {one.happening_id for one in noted} == ({"feedback-f1"} if is_noted else set())
    assert {(one.user_id, one.better) for one in noted} == ({("ann", "I went there yesterday.")} if is_noted else set())
