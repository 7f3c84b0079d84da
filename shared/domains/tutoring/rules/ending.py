"""Ending a relation, which either side may do at any time."""

from shared.domains.tutoring.errors import StudentNotFound, TutorNotFound
from shared.domains.tutoring.models import TutorStudent
from shared.domains.tutoring.ports import TutorDirectory, TutoringStore
from shared.kernel.emails import named_email
from shared.kernel.principal import Principal


def end_with_student(
    student_email: str, principal: Principal, *, directory: TutorDirectory, tutoring: TutoringStore
) -> None:
    """Stop teaching a student; from now on the tutor hears and reads nothing of them.

    Raises:
        StudentNotFound: the tutor has no such student.
    """
    student_id = directory.owner(named_email(student_email))
    relation = _relation(principal.user_id, student_id, tutoring)
    if relation is None:
        raise StudentNotFound
    tutoring.end(relation)


def end_with_tutor(
    tutor_email: str, principal: Principal, *, directory: TutorDirectory, tutoring: TutoringStore
) -> None:
    """Leave a tutor, who hears and reads nothing of the student from now on.

    Raises:
        TutorNotFound: no such tutor teaches the student.
    """
    relation = _relation(directory.owner(named_email(tutor_email)), principal.user_id, tutoring)
    if relation is None:
        raise TutorNotFound
    try:
        tutoring.end(relation)
    except StudentNotFound as problem:
        raise TutorNotFound from problem


def _relation(tutor_id: str | None, student_id: str | None, tutoring: TutoringStore) -> TutorStudent | None:
    return tutoring.relation(tutor_id, student_id) if tutor_id and student_id else None
