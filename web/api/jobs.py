"""Jobs over HTTP: how far the work is that one has asked for."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.jobs import service
from shared.domains.jobs.contract import JobDetails
from shared.domains.jobs.models import JobRecord
from shared.domains.turns.models import AI_CHAT, Student
from shared.domains.turns.rules import stopping as stopping_rules
from shared.domains.voice.rules.asking import current_result
from shared.kernel.contract import Contract
from shared.kernel.errors import Conflict, DomainError, Text
from shared.kernel.logs import get_log
from web.answers import answer
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import refuses, tells
from web.realtime.process import realtime

log = get_log()
blueprint = APIBlueprint("jobs", __name__, url_prefix="/api/jobs", abp_tags=[Tag(name="jobs")])


class JobPath(Contract):
    """Which job."""

    job_id: str


@blueprint.get("/<job_id>")
@tells(JobDetails)
def show_job(path: JobPath) -> Response:
    """Show a job of one's own."""
    context = gateway()
    job = service.show_job(path.job_id, current_principal().user_id, jobs=context.job_records)
    result = current_result(job.result, audio=context.audio)
    return answer(Text("Job", "작업"), JobDetails.of(job.model_copy(update={"result": result})))


@blueprint.delete("/<job_id>")
@tells(JobDetails)
@refuses(Conflict)
def cancel_job(path: JobPath) -> Response:
    """Cancel what has not finished."""
    context = gateway()
    job = service.cancel_job(
        path.job_id,
        current_principal().user_id,
        jobs=context.job_records,
        events=context.events,
        clock=context.clock,
    )
    if job.kind == AI_CHAT:
        _stop_turn(job)
    return answer(Text("Cancelled", "취소되었습니다"), JobDetails.of(job))


def _stop_turn(job: JobRecord) -> None:
    """Have the partner stop the turn of a cancelled job; without Redis, its worker looks at the job."""
    student = Student(job.user_id, current_principal().language)
    try:
        stopping = stopping_rules.stop(job.request_id or "", student, asking=gateway().asking)
    except DomainError as problem:
        log.warning("turn.not_stopped", problem=problem.code)
        return
    if stopping.is_going:
        realtime().watches.end_soon(stopping.turn_id)
