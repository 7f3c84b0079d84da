"""Deciding a request, once."""

from shared.domains.tutoring.errors import AlreadyDecided, RequestNotFound
from shared.domains.tutoring.models import Person, RequestStatus, TutorRequest, TutorStudent
from shared.domains.tutoring.ports import Announce, TutorDirectory, TutoringStore
from shared.domains.tutoring.rules.notices import notice_of_decision
from shared.kernel.ports import Clock, Ids
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp


def approve_request(
    request_id: str,
    principal: Principal,
    *,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    announce: Announce,
    ids: Ids,
    clock: Clock,
) -> TutorRequest:
    """Take a student on, all in one step; the student is told at once.

    Raises:
        RequestNotFound: there is none, or it was sent to somebody else.
        AlreadyDecided: it was approved or rejected before; nothing changes.
        TutorFull, AlreadyMatched: the state of things does not allow it; nothing changes.
    """
    decided, student = _decided(request_id, RequestStatus.APPROVED, principal, directory, tutoring, clock)
    relation = TutorStudent(
        **decided.model_dump(include={"tutor_email", "tutor_id", "student_email", "student_id", "request_id"}),
        assigned_at=decided.processed_at or decided.created_at,
    )
    told = notice_of_decision(decided, student, principal, ids=ids, clock=clock)
    tutoring.approve(decided, relation, told)
    announce(told)
    return decided


def reject_request(
    request_id: str,
    principal: Principal,
    *,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    announce: Announce,
    ids: Ids,
    clock: Clock,
) -> TutorRequest:
    """Decline a student, who is told at once and may ask again.

    Raises:
        RequestNotFound: there is none, or it was sent to somebody else.
        AlreadyDecided: it was approved or rejected before; nothing changes.
    """
    decided, student = _decided(request_id, RequestStatus.REJECTED, principal, directory, tutoring, clock)
    told = notice_of_decision(decided, student, principal, ids=ids, clock=clock)
    tutoring.reject(decided, told)
    announce(told)
    return decided


def _decided(
    request_id: str,
    status: RequestStatus,
    principal: Principal,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    clock: Clock,
) -> tuple[TutorRequest, Person | None]:
    request = tutoring.request(request_id)
    if request is None or request.tutor_id != principal.user_id:
        raise RequestNotFound
    if request.status is not RequestStatus.PENDING:
        raise AlreadyDecided
    student = directory.people([request.student_id]).get(request.student_id)
    return request.model_copy(update={"status": status, "processed_at": timestamp(clock.now())}), student
