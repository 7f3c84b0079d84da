"""Tutoring over HTTP: finding a tutor, deciding, and following students."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.tutoring.contract import (
    Decided,
    ListRequests,
    ListTutors,
    OwnTutors,
    RequestItem,
    RequestSent,
    RequestTutor,
    ShowStatus,
    StatusShown,
    StudentList,
    TutorItem,
)
from shared.domains.tutoring.rules import asking, deciding, ending, following
from shared.kernel.contract import Contract
from shared.kernel.emails import NamedEmail
from shared.kernel.errors import Text
from web.answers import answer, listed
from web.auth import current_principal, tutors_only
from web.context import gateway
from web.documents.telling import operation, tells, tells_page
from web.idempotency import request_scoped_id

blueprint = APIBlueprint("tutoring", __name__, url_prefix="/api", abp_tags=[Tag(name="tutoring")])


class TutorPath(Contract):
    """Which tutor."""

    email: NamedEmail


class StudentPath(Contract):
    """Which student."""

    email: NamedEmail


class RequestPath(Contract):
    """Which request."""

    request_id: str


@blueprint.get("/tutors")
@tells_page("tutors", TutorItem)
def list_tutors(query: ListTutors) -> Response:
    """List tutors by name."""
    context = gateway()
    scope = ["tutors", query.search]
    position = context.cursors.decode(query.cursor, scope)
    page = asking.list_tutors(
        query, current_principal(), position=position, directory=context.directory, tutoring=context.tutoring
    )
    return answer(Text("Tutors", "튜터 목록"), listed("tutors", page, scope))


@blueprint.post("/tutors/<path:email>/request")
@tells(RequestSent, status=201)
def request_tutor(path: TutorPath, body: RequestTutor) -> Response:
    """Ask a tutor."""
    context = gateway()
    request = asking.request_tutor(
        path.email,
        body,
        current_principal(),
        request_id=request_scoped_id() or context.ids.new(),
        directory=context.directory,
        tutoring=context.tutoring,
        rate=context.asking_rate,
        announce=context.announce,
        ids=context.ids,
        clock=context.clock,
    )
    told = RequestSent(request_id=request.request_id, status=request.status)
    return answer(Text("Request sent", "매칭을 요청했습니다"), told, status=201)


@blueprint.get("/tutors/requests")
@tells_page("requests", RequestItem)
def list_requests(query: ListRequests) -> Response:
    """List requests received or sent."""
    context, principal = gateway(), current_principal()
    scope = ["requests", principal.user_id, query.status]
    position = context.cursors.decode(query.cursor, scope)
    page = asking.list_requests(
        query, principal, position=position, directory=context.directory, tutoring=context.tutoring
    )
    return answer(Text("Requests", "매칭 요청 목록"), listed("requests", page, scope))


@blueprint.post("/tutors/requests/<request_id>/approve")
@tutors_only
@tells(Decided)
def approve_request(path: RequestPath) -> Response:
    """Take a student on."""
    context = gateway()
    decided = deciding.approve_request(
        path.request_id,
        current_principal(),
        directory=context.directory,
        tutoring=context.tutoring,
        announce=context.announce,
        ids=context.ids,
        clock=context.clock,
    )
    return answer(Text("Approved", "승인 완료"), Decided.of(decided))


@blueprint.post("/tutors/requests/<request_id>/reject")
@tutors_only
@tells(Decided)
def reject_request(path: RequestPath) -> Response:
    """Decline a student."""
    context = gateway()
    decided = deciding.reject_request(
        path.request_id,
        current_principal(),
        directory=context.directory,
        tutoring=context.tutoring,
        announce=context.announce,
        ids=context.ids,
        clock=context.clock,
    )
    return answer(Text("Rejected", "매칭을 거절했습니다"), Decided.of(decided))


@blueprint.get("/tutor/students")
@tutors_only
@tells(StudentList)
def list_students() -> Response:
    """List one's students as they are just now."""
    context = gateway()
    students = following.list_students(
        current_principal(), directory=context.directory, tutoring=context.tutoring, live=context.live_students
    )
    return answer(Text("Students", "학생 목록"), StudentList(students=students))


@blueprint.delete("/tutor/students/<path:email>")
@tutors_only
@operation("endTeaching")
@tells()
def end_relation(path: StudentPath) -> Response:
    """Stop teaching a student."""
    context = gateway()
    ending.end_with_student(path.email, current_principal(), directory=context.directory, tutoring=context.tutoring)
    return answer(Text("No longer your student", "매칭을 해제했습니다"))


@blueprint.get("/student/tutors")
@tells(OwnTutors)
def list_own_tutors() -> Response:
    """List one's own tutors."""
    context = gateway()
    tutors = following.list_own_tutors(current_principal(), directory=context.directory, tutoring=context.tutoring)
    return answer(Text("Your tutors", "나의 튜터"), OwnTutors(tutors=tutors))


@blueprint.delete("/student/tutors/<path:email>")
@tells()
def leave_tutor(path: TutorPath) -> Response:
    """Stop being taught by a tutor."""
    context = gateway()
    ending.end_with_tutor(path.email, current_principal(), directory=context.directory, tutoring=context.tutoring)
    return answer(Text("No longer your tutor", "매칭을 해제했습니다"))


@blueprint.post("/student-status")
@operation("showStudentStatus")
@tells(StatusShown)
def show_status(body: ShowStatus) -> Response:
    """Tell one's tutors what one is doing."""
    context = gateway()
    update = following.show_status(
        body,
        current_principal(),
        tutoring=context.tutoring,
        live=context.live_students,
        events=context.events,
        jobs=context.jobs,
        clock=context.clock,
    )
    return answer(Text("Status noted", "상태를 전했습니다"), StatusShown.of(update))
