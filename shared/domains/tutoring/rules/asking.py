"""Finding a tutor and asking one."""

from shared.domains.tutoring.contract import ListRequests, ListTutors, RequestItem, RequestTutor, TutorItem
from shared.domains.tutoring.errors import AlreadyMatched, NotAccepting, StudentsOnly, TutorFull, TutorNotFound
from shared.domains.tutoring.models import Tutor, TutorRequest
from shared.domains.tutoring.ports import Announce, AskingRate, RelationReader, TutorDirectory, TutoringStore
from shared.domains.tutoring.rules.notices import notice_of_request
from shared.kernel.emails import named_email
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, Ids
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp

MOST_ASKED = 100
"""Requests, newest first, whose tutors' e-mails a student goes on seeing in the list."""


def list_tutors(
    command: ListTutors,
    principal: Principal,
    *,
    position: Position | None,
    directory: TutorDirectory,
    tutoring: TutoringStore,
) -> Page[TutorItem]:
    """Return tutors by name; an e-mail is shown to the tutor's students, and to those who have asked the tutor."""
    found = directory.tutors(command.search or None, limit=command.limit, position=position)
    known = {principal.user_id, *(one.tutor_id for one in tutoring.tutors_of(principal.user_id))}
    known |= {one.tutor_id for one in tutoring.sent(principal.user_id, None, limit=MOST_ASKED, position=None).items}
    return Page([TutorItem.of(one, is_known=one.user_id in known) for one in found.items], found.position)


def request_tutor(
    email: str,
    command: RequestTutor,
    principal: Principal,
    *,
    request_id: str,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    rate: AskingRate,
    announce: Announce,
    ids: Ids,
    clock: Clock,
) -> TutorRequest:
    """Ask a tutor, who is told at once; the same id again changes nothing.

    Raises:
        StudentsOnly: a tutor asks.
        TutorNotFound: there is no such tutor.
        RateLimited: the student has asked this tutor, or all tutors, too often today.
        AlreadyPending, AlreadyMatched, TutorFull, NotAccepting: the state of things does not allow it.
    """
    require_student(principal)
    tutor = directory.tutor(named_email(email))
    if tutor is None:
        raise TutorNotFound
    request = _request(request_id, command, principal, tutor, clock)
    if tutoring.request(request_id) is None:
        _require_open(tutor, principal, tutoring)
        rate.check(tutor.user_id, principal.user_id)
    notification = notice_of_request(request, tutor, ids=ids, clock=clock)
    tutoring.ask(request, notification)
    rate.count(tutor.user_id, principal.user_id)
    announce(notification)
    return request


def list_requests(
    command: ListRequests,
    principal: Principal,
    *,
    position: Position | None,
    directory: TutorDirectory,
    tutoring: TutoringStore,
) -> Page[RequestItem]:
    """Return the requests that a tutor received, or a student sent, newest first; with names, at one read more."""
    ask = tutoring.received if principal.is_tutor else tutoring.sent
    found = ask(principal.user_id, command.status, limit=command.limit, position=position)
    ids = {one for request in found.items for one in (request.student_id, request.tutor_id)}
    people = directory.people(sorted(ids)) if ids else {}
    return Page([RequestItem.of(one, people) for one in found.items], found.position)


def _request(request_id: str, command: RequestTutor, principal: Principal, tutor: Tutor, clock: Clock) -> TutorRequest:
    return TutorRequest(
        request_id=request_id,
        student_email=principal.email,
        student_id=principal.user_id,
        tutor_email=tutor.email,
        tutor_id=tutor.user_id,
        message=command.message,
        created_at=timestamp(clock.now()),
    )


def require_student(principal: Principal) -> None:
    """Refuse a tutor.

    Raises:
        StudentsOnly: a tutor asks.
    """
    if principal.is_tutor:
        raise StudentsOnly


def _require_open(tutor: Tutor, principal: Principal, tutoring: RelationReader) -> None:
    """Refuse what the tutor's state does not allow; the store refuses the rest, atomically."""
    if tutoring.relation(tutor.user_id, principal.user_id) is not None:
        raise AlreadyMatched
    if not tutor.is_accepting:
        raise NotAccepting
    if tutor.is_full:
        raise TutorFull
