"""A tutor's students, as far as they let their tutor see what they do."""

from shared.domains.practice.models import Learner
from shared.kernel.errors import Forbidden, NotFound
from web.auth import current_principal
from web.context import gateway

_TUTORS_ONLY = ("Only tutors may do this.", "튜터만 할 수 있습니다.")
_NOBODY = ("Student not found", "학생을 찾을 수 없습니다.")
_NOT_SHARED = ("The student does not share results.", "학생이 결과를 공유하지 않았습니다.")


def sharing_student(email: str) -> Learner:
    """Return a student of the caller who agreed that results are seen.

    Raises:
        Forbidden: the caller is no tutor, or the student did not agree.
        NotFound: the caller teaches nobody of that e-mail.
    """
    context, principal = gateway(), current_principal()
    if not principal.is_tutor:
        raise Forbidden(*_TUTORS_ONLY)
    student_id = context.directory.owner(email)
    if student_id is None or context.tutoring.relation(principal.user_id, student_id) is None:
        raise NotFound(*_NOBODY)
    student = context.learners.learner(student_id)
    if not student.share_results:
        raise Forbidden(*_NOT_SHARED)
    return student
