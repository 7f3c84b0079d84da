"""`?wait=N`: calls that a worker answers, and how long they wait for it."""

from typing import Any

from flask import Response
from pydantic import Field

from shared.domains.jobs.contract import JobAccepted
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.kernel.contract import Contract
from shared.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Text,
    Unavailable,
)
from web.answers import answer
from web.auth import current_principal
from web.context import gateway
from web.realtime.awaiting import await_job
from web.realtime.process import realtime

LONGEST_WAIT = 28
"""Seconds: a router in front cuts a request after 30."""
ACCEPTED = Text("It is being made", "만들고 있습니다")

_FAILED = Text("Something went wrong on our side.", "서버에 문제가 발생했습니다.")
_FAILURES: dict[str, tuple[type[DomainError], Text]] = {
    Unavailable.code: (
        Unavailable,
        Text("Not available now; try again.", "지금은 사용할 수 없습니다. 다시 시도해 주세요."),
    ),
    Invalid.code: (Invalid, Text("The request is not valid.", "잘못된 요청입니다.")),
    Forbidden.code: (Forbidden, Text("Not allowed", "허용되지 않습니다.")),
    NotFound.code: (NotFound, Text("Not found", "찾을 수 없습니다.")),
    Conflict.code: (Conflict, Text("Not possible now", "지금은 할 수 없습니다.")),
    RateLimited.code: (RateLimited, Text("Too many requests.", "요청이 너무 많습니다.")),
    PayloadTooLarge.code: (PayloadTooLarge, Text("The request is too large.", "요청이 너무 큽니다.")),
}
_CANCELLED = Text("The job was cancelled.", "작업이 취소되었습니다.")


class Patience(Contract):
    """How many seconds a call waits; 0 answers 202 at once, and without it the setting holds."""

    wait: float | None = Field(None, ge=0, le=LONGEST_WAIT, allow_inf_nan=False)


def finished(job_id: str, patience: Patience) -> JobRecord | None:
    """Return a job of the caller that ended well; None where it is not there yet when the patience ends.

    Raises:
        DomainError: the job failed; the error's status is that of the job's code, 500 where HTTP knows none.
        Conflict: it was cancelled.
    """
    context = gateway()
    seconds = context.settings.wait_seconds if patience.wait is None else patience.wait
    job = await_job(job_id, current_principal().user_id, seconds, hub=realtime().hub, records=context.job_records)
    if job.status is JobStatus.FAILED:
        raise _problem(job.error or "", job.reason)
    if job.status is JobStatus.CANCELLED:
        raise Conflict(*_CANCELLED)
    return job if job.is_finished else None


def awaited(job_id: str, patience: Patience, message: Text) -> Response:
    """Answer with the result of a job of the caller, or with 202 and its jobId where it is not there yet; see above."""
    job = finished(job_id, patience)
    if job is None:
        return answer(ACCEPTED, JobAccepted(job_id=job_id), status=202)
    result: dict[str, Any] = job.result or {}
    return answer(message, result)


def _problem(code: str, reason: tuple[str, str] | None) -> DomainError:
    kind, text = _FAILURES.get(code, (DomainError, _FAILED))
    return kind(*(reason or text))
