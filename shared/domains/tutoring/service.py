"""The rules of tutoring: who may ask, who decides, who may see what a student is doing."""

from shared.domains.notifications.models import Notification, NotificationType, Wording
from shared.domains.tutoring.contract import (
    ListRequests,
    ListTutors,
    RequestItem,
    RequestTutor,
    ShowStatus,
    StoreStudentStatus,
    StudentItem,
    StudentStatusUpdated,
    TutorItem,
    TutorOfStudent,
)
from shared.domains.tutoring.errors import (
    AlreadyDecided,
    AlreadyMatched,
    NotAccepting,
    RequestNotFound,
    StudentNotFound,
    StudentsOnly,
    TutorFull,
    TutorNotFound,
)
from shared.domains.tutoring.models import Doing, Live, Person, RequestStatus, Tutor, TutorRequest, TutorStudent
from shared.domains.tutoring.ports import Announce, LiveStudents, RelationReader, TutorDirectory, TutoringStore
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, EventBus, Ids, JobQueue
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic


def list_tutors(command: ListTutors, *, position: Position | None, directory: TutorDirectory) -> Page[TutorItem]:
    """Return tutors by name."""
    found = directory.tutors(command.search or None, limit=command.limit, position=position)
    return Page([TutorItem.of(one) for one in found.items], found.position)


def request_tutor(
    email: str,
    command: RequestTutor,
    principal: Principal,
    *,
    request_id: str,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    announce: Announce,
    ids: Ids,
    clock: Clock,
) -> TutorRequest:
    """Ask a tutor, who is told at once; the same id again changes nothing.

    Raises:
        StudentsOnly: a tutor asks.
        TutorNotFound: there is no such tutor.
        AlreadyPending, AlreadyMatched, TutorFull, NotAccepting: the state of things does not allow it.
    """
    _require_student(principal)
    tutor = directory.tutor(email.lower())
    if tutor is None:
        raise TutorNotFound
    request = TutorRequest(
        request_id=request_id,
        student_email=principal.email,
        student_id=principal.user_id,
        tutor_email=tutor.email,
        tutor_id=tutor.user_id,
        message=command.message,
        created_at=timestamp(clock.now()),
    )
    if tutoring.request(request_id) is None:
        _require_open(tutor, principal, tutoring)
    notification = _notification(NotificationType.TUTOR_MATCH, request, tutor, ids=ids, clock=clock)
    tutoring.ask(request, notification)
    announce(notification)
    return request


def list_requests(
    command: ListRequests, principal: Principal, *, position: Position | None, tutoring: TutoringStore
) -> Page[RequestItem]:
    """Return the requests that a tutor received, or a student sent, newest first."""
    ask = tutoring.received if principal.is_tutor else tutoring.sent
    found = ask(principal.email, command.status, limit=command.limit, position=position)
    return Page([RequestItem.of(one) for one in found.items], found.position)


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
    told = _result(NotificationType.TUTOR_MATCH_APPROVED, decided, student, principal, ids=ids, clock=clock)
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
    told = _result(NotificationType.TUTOR_MATCH_REJECTED, decided, student, principal, ids=ids, clock=clock)
    tutoring.reject(decided, told)
    announce(told)
    return decided


def list_students(
    principal: Principal, *, directory: TutorDirectory, tutoring: RelationReader, live: LiveStudents
) -> list[StudentItem]:
    """Return a tutor's students as they are just now, by name."""
    relations = tutoring.students_of(principal.email)
    ids = [one.student_id for one in relations]
    people, now = directory.people(ids), live.of(ids)
    items = [
        StudentItem.of(one, people[one.student_id].name, now.get(one.student_id, Live()))
        for one in relations
        if one.student_id in people
    ]
    return sorted(items, key=lambda one: (one.name, one.email))


def end_relation(student_email: str, principal: Principal, *, tutoring: TutoringStore) -> None:
    """Stop teaching a student; from now on the tutor hears nothing of them.

    Raises:
        StudentNotFound: the tutor has no such student.
    """
    relation = tutoring.relation(principal.email, student_email.lower())
    if relation is None:
        raise StudentNotFound
    tutoring.end(relation)


def list_own_tutors(
    principal: Principal, *, directory: TutorDirectory, tutoring: RelationReader
) -> list[TutorOfStudent]:
    """Return a student's tutors; none is a normal case."""
    relations = tutoring.tutors_of(principal.email)
    people = directory.people([one.tutor_id for one in relations])
    return [TutorOfStudent.of(one, people.get(one.tutor_id)) for one in relations]


def show_status(
    command: ShowStatus,
    principal: Principal,
    *,
    tutoring: RelationReader,
    live: LiveStudents,
    events: EventBus,
    jobs: JobQueue,
    clock: Clock,
) -> StudentStatusUpdated:
    """Tell every tutor of this student at once what they are doing, and have it kept.

    Who teaches the student is read each time: a tutor whose relation has ended is told nothing.

    Raises:
        StudentsOnly: a tutor says so.
        Unavailable: it could not be queued for keeping; saying it again is safe.
    """
    _require_student(principal)
    doing = Doing(room=command.room, is_learning=command.is_learning, updated_at=timestamp(clock.now()))
    update = StudentStatusUpdated(student_email=principal.email, **doing.model_dump())
    live.tell(principal.user_id, doing)
    relations = tutoring.tutors_of(principal.email)
    for relation in relations:
        events.publish(user_topic(relation.tutor_id), update)
    if relations:
        jobs.enqueue(StoreStudentStatus(student_email=principal.email, doing=doing))
    return update


def store_student_status(job: StoreStudentStatus, *, tutoring: TutoringStore) -> None:
    """Keep what a student is doing with each relation; again, or late, changes nothing."""
    for relation in tutoring.tutors_of(job.student_email):
        tutoring.keep_status(relation, job.doing)


def _require_student(principal: Principal) -> None:
    if principal.is_tutor:
        raise StudentsOnly


def _require_open(tutor: Tutor, principal: Principal, tutoring: RelationReader) -> None:
    """Refuse what the tutor's state does not allow; the store refuses the rest, atomically."""
    if tutoring.relation(tutor.email, principal.email) is not None:
        raise AlreadyMatched
    if not tutor.is_accepting:
        raise NotAccepting
    if tutor.is_full:
        raise TutorFull


def _decided(
    request_id: str,
    status: RequestStatus,
    principal: Principal,
    directory: TutorDirectory,
    tutoring: TutoringStore,
    clock: Clock,
) -> tuple[TutorRequest, Person | None]:
    request = tutoring.request(request_id)
    if request is None or request.tutor_email != principal.email:
        raise RequestNotFound
    if request.status is not RequestStatus.PENDING:
        raise AlreadyDecided
    student = directory.people([request.student_id]).get(request.student_id)
    return request.model_copy(update={"status": status, "processed_at": timestamp(clock.now())}), student


_WORDS = {
    NotificationType.TUTOR_MATCH: (
        Wording(ko="새로운 매칭 요청", en="New matching request"),
        Wording(ko="{who}님이 매칭을 요청했습니다.", en="{who} has asked to be matched with you."),
    ),
    NotificationType.TUTOR_MATCH_APPROVED: (
        Wording(ko="매칭 완료", en="Matched"),
        Wording(ko="{who}님과 매칭되었습니다.", en="You are now matched with {who}."),
    ),
    NotificationType.TUTOR_MATCH_REJECTED: (
        Wording(ko="매칭 거절", en="Request declined"),
        Wording(ko="{who}님이 매칭 요청을 거절했습니다.", en="{who} has declined your request."),
    ),
}


def _result(
    kind: NotificationType, request: TutorRequest, student: Person | None, by: Principal, *, ids: Ids, clock: Clock
) -> Notification:
    language = student.language if student else None
    return _notice(kind, request, request.student_id, by.name, language, ids=ids, clock=clock)


def _notification(
    kind: NotificationType, request: TutorRequest, tutor: Tutor, *, ids: Ids, clock: Clock
) -> Notification:
    return _notice(kind, request, tutor.user_id, request.student_email, tutor.language, ids=ids, clock=clock)


def _notice(
    kind: NotificationType,
    request: TutorRequest,
    user_id: str,
    who: str,
    language: str | None,
    *,
    ids: Ids,
    clock: Clock,
) -> Notification:
    title, message = _WORDS[kind]
    return Notification(
        notification_id=ids.new(),
        user_id=user_id,
        type=kind,
        title=title,
        message=Wording(ko=message.ko.replace("{who}", who), en=message.en.replace("{who}", who)),
        data=RequestItem.of(request).wire(),
        language=language,
        created_at=timestamp(clock.now()),
    )
