"""Feedback over HTTP: sending, reading, and the history."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.feedback.contract import FeedbackItem, FeedbackNoted, FeedbackSent, ListFeedback, SendFeedback
from shared.domains.feedback.rules import reading, sending
from shared.kernel.contract import Contract
from shared.kernel.errors import NotFound, Text
from shared.kernel.logs import get_log
from web.answers import answer, listed
from web.auth import current_principal, tutors_only
from web.context import gateway
from web.documents.telling import refuses, tells, tells_page
from web.idempotency import request_scoped_id
from web.realtime.process import realtime

blueprint = APIBlueprint("feedback", __name__, url_prefix="/api", abp_tags=[Tag(name="feedback")])

log = get_log()


class FeedbackPath(Contract):
    """Which feedback."""

    feedback_id: str


@blueprint.post("/tutor/feedback")
@tutors_only
@tells(FeedbackSent)
@refuses(NotFound)
def send_feedback(body: SendFeedback) -> Response:
    """Tell a student something, at once."""
    context = gateway()
    sent = sending.send_feedback(
        body,
        current_principal(),
        feedback_id=request_scoped_id() or context.ids.new(),
        people=context.directory,
        relations=context.tutoring,
        recent=context.recent_feedback,
        channels=realtime().live,
        jobs=context.jobs,
        log=log,
        clock=context.clock,
        is_own_object=context.uploads.owns,
    )
    return answer(Text("Feedback sent", "피드백 전송 완료"), sent)


@blueprint.get("/feedback")
@tells_page("feedback", FeedbackItem)
@refuses(NotFound)
def list_feedback(query: ListFeedback) -> Response:
    """List what was said between oneself and somebody, newest first."""
    context, principal = gateway(), current_principal()
    scope = ["feedback", principal.user_id, query.with_]
    position = context.cursors.decode(query.cursor, scope)
    page = reading.list_feedback(
        query,
        principal,
        position=position,
        people=context.directory,
        relations=context.tutoring,
        feedback=context.feedback,
    )
    return answer(Text("Feedback", "피드백 목록"), listed("feedback", page, scope))


@blueprint.post("/feedback/<feedback_id>/read")
@tells(FeedbackNoted)
def read_feedback(path: FeedbackPath) -> Response:
    """Note that one has read feedback."""
    context = gateway()
    reading.read_feedback(
        path.feedback_id,
        current_principal(),
        feedback=context.feedback,
        recent=context.recent_feedback,
        relations=context.tutoring,
        events=context.events,
        jobs=context.jobs,
        clock=context.clock,
    )
    return answer(Text("Read", "읽음으로 표시했습니다"), FeedbackNoted(feedback_id=path.feedback_id))
