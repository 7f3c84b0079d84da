"""Whether this process lives, and whether what it needs answers."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

from flask import Blueprint, Response

from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from shared.kernel.logs import get_log
from web.answers import answer, json_response
from web.context import gateway, request_id
from web.documents.telling import tells

DEADLINE_SECONDS = 3.0

blueprint = Blueprint("health", __name__)
log = get_log()


class Readiness(Contract):
    """What was asked and whether it answered; `notices` name what works less well than it should."""

    checks: dict[str, bool]
    notices: list[str]


@blueprint.get("/healthz")
@tells()
def healthz() -> Response:
    """Say that this process answers."""
    return answer(Text("alive", "정상"))


@blueprint.get("/readyz")
@tells(Readiness)
def readyz() -> Response:
    """Ask everything that this process needs, at once and with a deadline, and name what does not answer.

    `notices` names what works less well than it should, and is no reason to send nobody here.
    """
    checks = gateway().readiness
    pool = ThreadPoolExecutor(len(checks))
    asked = {name: pool.submit(check) for name, check in checks.items()}
    deadline = time.monotonic() + DEADLINE_SECONDS
    states = {name: _state(name, future, deadline) for name, future in asked.items()}
    notices = gateway().notices if all(states.values()) else []  # each takes a call to what does not answer
    pool.shutdown(wait=False, cancel_futures=True)  # who hangs is not waited for
    known = Readiness(checks=states, notices=notices)
    if all(states.values()):
        return answer(Text("ready", "준비됨"), known)
    fields = {"success": False, "error": "UNAVAILABLE", "message": "not ready", **known.wire()}
    return json_response(fields | {"requestId": request_id()}, 503)


def _state(name: str, asked: Future[object], deadline: float) -> bool:
    try:
        problem = asked.exception(max(0.0, deadline - time.monotonic()))
    except TimeoutError as late:
        problem = late
    if problem is not None:  # whatever a dependency raises, the answer is that it is not ready
        log.warning("not_ready", dependency=name, problem=repr(problem))
    return problem is None
