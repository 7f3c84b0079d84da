"""`Idempotency-Key`: for a day, the same key of the same user gets the first answer."""

import base64
import hashlib
import re
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request

from shared.kernel.errors import Conflict, Invalid, Unavailable
from shared.kernel.logs import get_log
from shared.wiring import GatewayContext
from web.context import gateway

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
PATTERN = "^[!-~]([ -~]*[!-~])?$"
"""Printable ASCII; HTTP takes spaces away at either end."""
LEASE_SECONDS = 60.0
LARGEST_ANSWER = 200 * 1024
"""Bytes; in base64 they fit into an item of the table (400 KB)."""
WAIT_SECONDS = 5.0
_POLL_SECONDS = 0.05
_NAMESPACE = uuid.UUID("6f1d8a5e-6a0c-4a3e-9c35-7f0a2f1c9b11")

log = get_log()


def install_idempotency(app: Flask) -> None:
    """Look every authenticated POST's key up before its view, and keep its answer after."""
    app.before_request(_before)
    app.after_request(_after)
    app.teardown_request(_teardown)


def request_scoped_id() -> str | None:
    """Return an id that the same key of the same user always gives: a repeat after a crash is the same thing."""
    key = g.get("idempotency_scope")
    return str(uuid.uuid5(_NAMESPACE, key)) if key else None


def _before() -> Response | None:
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or g.get("principal") is None:
        return None
    if len(key) > LONGEST_KEY or not re.search(PATTERN, key):
        raise Invalid(
            f"{HEADER} takes 1 to {LONGEST_KEY} letters, digits, signs and spaces of ASCII.",
            f"{HEADER}는 ASCII 문자 1자에서 {LONGEST_KEY}자까지입니다.",
        )
    scope = "\n".join((g.principal.user_id, request.method, request.path, key))
    g.idempotency_scope = f"http#{hashlib.sha256(scope.encode()).hexdigest()}"
    return _first_answer(gateway(), g.idempotency_scope)


def _first_answer(context: GatewayContext, scope: str) -> Response | None:
    """Return the answer that the key got first; None where this request is the first."""
    deadline = context.clock.now() + timedelta(seconds=WAIT_SECONDS)
    while True:
        entry = context.ledger.begin(scope, lease_seconds=LEASE_SECONDS)
        if entry.outcome == "begun":
            g.idempotency_fence = entry.fence
            return None
        if entry.outcome == "done":
            return _replay(entry.result)
        if context.clock.now() > deadline:
            raise Conflict(
                "The first request with this key is still running.", "같은 요청을 처리하는 중입니다.", retry_after=1
            )
        context.clock.sleep(_POLL_SECONDS)


def _after(response: Response) -> Response:
    fence = g.pop("idempotency_fence", None)
    if fence is None:
        return response
    try:
        _keep(response, fence)
    except Unavailable:
        # What was asked is done: the client gets its answer, and the key is free again when its lease ends.
        log.warning("idempotency.not_kept")
    return response


def _keep(response: Response, fence: int) -> None:
    ledger, scope = gateway().ledger, g.idempotency_scope
    is_kept = response.status_code != 429 and response.status_code < 500
    if is_kept and not response.is_streamed and len(response.get_data()) <= LARGEST_ANSWER:
        ledger.complete(scope, fence, _record(response))
    else:
        ledger.release(scope, fence)


def _teardown(_problem: BaseException | None) -> None:
    """Let the key go where no answer was made at all."""
    fence = g.pop("idempotency_fence", None)
    if fence is not None:
        with suppress(Unavailable):  # then the lease ends by itself
            gateway().ledger.release(g.idempotency_scope, fence)


def _record(response: Response) -> dict[str, Any]:
    body = base64.b64encode(response.get_data()).decode()
    return {"status": response.status_code, "mimetype": response.mimetype, "body": body}


def _replay(result: dict[str, Any]) -> Response:
    body = base64.b64decode(result["body"])
    response = Response(body, status=result["status"], mimetype=result["mimetype"])
    response.headers["Idempotency-Replayed"] = "true"
    return response
