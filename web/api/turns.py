"""Turns with the AI partner over HTTP."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.turns.contract import HearRecording, RecordingHeard, SendTurn, TurnAccepted, TurnStatus
from shared.domains.turns.models import LONGEST_BASE64, Student
from shared.domains.turns.rules import asking, hearing, reading
from shared.kernel.contract import Contract
from shared.kernel.errors import NotFound, Text
from web.answers import answer
from web.auth import current_principal
from web.bodies import takes_bodies_of
from web.context import gateway
from web.documents.telling import refuses, tells, tells_when_ready
from web.idempotency import request_scoped_id
from web.recordings import tell_at_the_first
from web.waiting import Patience, awaited

blueprint = APIBlueprint("turns", __name__, url_prefix="/api/ai/chat", abp_tags=[Tag(name="AI partner")])

HEARINGS_PER_MINUTE = 20
WORDS_BYTES = 64 * 1024
"""What a body has besides a recording: 4,000 characters, six bytes each where JSON escapes them, and the rest."""


class TurnPath(Contract):
    """Which request."""

    request_id: str


@blueprint.post("/message")
@takes_bodies_of(LONGEST_BASE64 + WORDS_BYTES)
@tells(TurnAccepted, status=202)
@refuses(NotFound)
def send_turn(body: SendTurn) -> Response:
    """Say something to the partner; the answer is made, pushed, and found by its requestId."""
    context, principal = gateway(), current_principal()
    accepted = asking.send_turn(
        body,
        request_scoped_id() or context.ids.new(),
        Student(principal.user_id, principal.language),
        asking=context.asking,
    )
    if body.audio_data is not None:
        tell_at_the_first(principal.user_id)
    return answer(Text("The partner is answering", "AI 파트너가 답하고 있습니다"), accepted, status=202)


@blueprint.post("/hear")
@takes_bodies_of(LONGEST_BASE64 + WORDS_BYTES)
@tells_when_ready(RecordingHeard)
def hear_recording(body: HearRecording, query: Patience) -> Response:
    """Have a recording written down: what was heard, for the student to correct before it is said to the partner."""
    context, user_id = gateway(), current_principal().user_id
    context.limits.check("hearing", user_id, allowed=HEARINGS_PER_MINUTE, seconds=60)
    job_id = request_scoped_id() or context.ids.new()
    hearing.hear_recording(
        body,
        user_id=user_id,
        job_id=job_id,
        tracker=context.job_tracker,
        recordings=context.recordings,
        jobs=context.jobs,
    )
    tell_at_the_first(user_id)
    return awaited(job_id, query, Text("Heard", "들었습니다"))


@blueprint.get("/status/<request_id>")
@tells(TurnStatus)
def show_turn(path: TurnPath) -> Response:
    """Show how far a turn is."""
    status = reading.turn_status(path.request_id, current_principal().user_id, asking=gateway().asking)
    return answer(Text("Turn", "대화 차례"), status)
