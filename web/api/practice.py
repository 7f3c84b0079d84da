"""Practice over HTTP: sessions, sentences to say, and how they were said."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.file import FileStorage
from flask_openapi.models.tag import Tag
from pydantic import Field, field_validator

from shared.domains.budgets.errors import BudgetSpent
from shared.domains.practice.contract import (
    EndSession,
    EvaluateRecording,
    GenerateSentences,
    ListResults,
    ListSessions,
    ResultItem,
    SentencesReady,
    SessionEnded,
    SessionItem,
    SessionStarted,
    StartSession,
    WriteSentences,
)
from shared.domains.practice.models import SessionType
from shared.domains.practice.rules.scoring import EVALUATION, request_evaluation
from shared.domains.practice.rules.sessions import end_session, list_sessions, open_session, start_session
from shared.domains.practice.rules.showing import list_results, show_result
from shared.domains.practice.rules.writing import SENTENCES
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.contract import Contract
from shared.kernel.errors import NotFound, Text
from shared.kernel.recordings import LONGEST_SECONDS, MOST_BYTES
from web.answers import answer, listed
from web.auth import current_principal
from web.bodies import takes_bodies_of
from web.context import gateway
from web.documents.telling import operation, refuses, tells, tells_page, tells_when_ready
from web.idempotency import request_scoped_id
from web.recordings import stored_recording, tell_at_the_first
from web.students import sharing_student
from web.throttling import count_partner_request, count_recording
from web.waiting import Patience, awaited

blueprint = APIBlueprint("practice", __name__, url_prefix="/api", abp_tags=[Tag(name="practice")])


FORM_BYTES = 64 * 1024
"""What a multipart body has besides the recording."""


class RecordingForm(EvaluateRecording):
    """A recording and the sentence that is said in it."""

    audio_file: FileStorage

    @field_validator("audio_file")
    @classmethod
    def _is_a_file(cls, sent: object) -> object:
        """Refuse text in the file's place: a part of a form that has no file name is text."""
        if isinstance(sent, str):
            raise ValueError("a file must be sent, with a name")
        return sent


class ResultPath(Contract):
    """Which result."""

    result_id: Annotated[str, Field(max_length=128)]


class StudentPath(Contract):
    """Which student."""

    email: Annotated[str, Field(max_length=254)]


class StudentsResultPath(StudentPath, ResultPath):
    """Which result of which student."""


@blueprint.post("/sessions/start")
@operation("startSession")
@tells(SessionStarted, status=201)
def start(body: StartSession) -> Response:
    """Begin a session."""
    context, principal = gateway(), current_principal()
    begun = start_session(
        body,
        principal.user_id,
        session_id=request_scoped_id() or context.ids.new(),
        sign_in=principal.session_id,
        sessions=context.learning_sessions,
        clock=context.clock,
    )
    told = SessionStarted(session_id=begun.session_id, start_time=begun.start_time)
    return answer(Text("Session started", "세션 시작"), told, status=201)


@blueprint.post("/sessions/end")
@operation("endSession")
@tells(SessionEnded)
@refuses(NotFound)
def end(body: EndSession) -> Response:
    """End a session; the duration is in seconds, by the server's clock. Again changes nothing."""
    context = gateway()
    ended = end_session(
        body,
        current_principal().user_id,
        sessions=context.learning_sessions,
        jobs=context.jobs,
        clock=context.clock,
    )
    told = SessionEnded.of(ended)
    return answer(Text("Session ended", "세션 종료"), told)


@blueprint.get("/sessions")
@operation("listSessions")
@tells_page("sessions", SessionItem)
def show_sessions(query: ListSessions) -> Response:
    """List one's sessions, newest first."""
    context, user_id = gateway(), current_principal().user_id
    scope = ["sessions", user_id]
    page = list_sessions(
        user_id,
        position=context.cursors.decode(query.cursor, scope),
        limit=query.limit,
        sessions=context.learning_sessions,
    )
    return answer(Text("Sessions", "세션 목록"), listed("sessions", page, scope))


@blueprint.post("/sentences/generate")
@tells_when_ready(SentencesReady)
@refuses(NotFound)
def generate_sentences(body: GenerateSentences, query: Patience) -> Response:
    """Have sentences written, and each of them spoken; without a session a new one is begun."""
    context, principal = gateway(), current_principal()
    if body.session_id is not None:
        open_session(body.session_id, principal.user_id, sessions=context.learning_sessions)
    job_id = count_partner_request()
    session_id = body.session_id or _session_for(job_id)
    context.job_tracker.record(job_id, SENTENCES, principal.user_id)
    context.jobs.enqueue(
        WriteSentences(
            job_id=job_id,
            user_id=principal.user_id,
            session_id=session_id,
            level=body.level,
            topic=body.topic,
            count=body.count,
        )
    )
    return awaited(job_id, query, Text("Sentences", "연습 문장"))


@blueprint.post("/stt/evaluate")
@takes_bodies_of(MOST_BYTES + FORM_BYTES)
@tells_when_ready(ResultItem)
@refuses(NotFound)
def evaluate_recording(form: RecordingForm, query: Patience) -> Response:
    """Say how a sentence was said in a recording."""
    context, user_id = gateway(), current_principal().user_id
    command = EvaluateRecording(original_text=form.original_text, session_id=form.session_id)
    if command.session_id is not None:
        open_session(command.session_id, user_id, sessions=context.learning_sessions)
    job_id = request_scoped_id() or context.ids.new()
    count_recording(user_id)
    states = context.purse.hold(user_id, job_id, {Kind.TRANSCRIBED_SECONDS: int(LONGEST_SECONDS)})
    if BudgetState.SPENT in states.values():
        raise BudgetSpent
    key = stored_recording(form.audio_file, user_id, job_id)
    tell_at_the_first(user_id)
    context.job_tracker.record(job_id, EVALUATION, user_id)
    request_evaluation(command, user_id, job_id=job_id, recording_key=key, jobs=context.jobs, clock=context.clock)
    return awaited(job_id, query, Text("Result", "평가 결과"))


@blueprint.get("/stt/results")
@operation("listResults")
@tells_page("results", ResultItem)
def show_results(query: ListResults) -> Response:
    """List one's results, newest first."""
    context, principal = gateway(), current_principal()
    scope = ["results", principal.user_id]
    page = list_results(
        principal.user_id,
        principal.language,
        position=context.cursors.decode(query.cursor, scope),
        limit=query.limit,
        results=context.results,
    )
    return answer(Text("Results", "평가 결과 목록"), listed("results", page, scope))


@blueprint.get("/tutor/students/<email>/results")
@operation("listStudentsResults")
@tells_page("results", ResultItem)
def show_students_results(path: StudentPath, query: ListResults) -> Response:
    """List the results of a student who agreed, newest first."""
    context, student = gateway(), sharing_student(path.email)
    scope = ["students-results", student.user_id, current_principal().user_id]
    page = list_results(
        student.user_id,
        current_principal().language,
        position=context.cursors.decode(query.cursor, scope),
        limit=query.limit,
        results=context.results,
    )
    return answer(Text("Results", "평가 결과 목록"), listed("results", page, scope))


@blueprint.get("/tutor/students/<email>/results/<result_id>")
@tells(ResultItem)
def show_students_result(path: StudentsResultPath) -> Response:
    """Show one result of a student who agreed, with its recording where the student lets tutors hear it."""
    context, student = gateway(), sharing_student(path.email)
    shown = show_result(
        path.result_id,
        student.user_id,
        current_principal().language,
        results=context.results,
        recordings=context.audio,
        with_recording=student.share_recordings,
    )
    return answer(Text("Result", "평가 결과"), shown)


@blueprint.get("/stt/results/<result_id>")
@operation("showResult")
@tells(ResultItem)
def show_one_result(path: ResultPath) -> Response:
    """Show one result, with the address of its recording where that was kept."""
    context, principal = gateway(), current_principal()
    shown = show_result(
        path.result_id,
        principal.user_id,
        principal.language,
        results=context.results,
        recordings=context.audio,
    )
    return answer(Text("Result", "평가 결과"), shown)


def _session_for(job_id: str) -> str:
    context, principal = gateway(), current_principal()
    begun = start_session(
        StartSession(session_type=SessionType.PRACTICE),
        principal.user_id,
        session_id=job_id,
        sign_in=principal.session_id,
        sessions=context.learning_sessions,
        clock=context.clock,
    )
    return begun.session_id
