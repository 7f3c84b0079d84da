"""One id and one log line for every request."""

import re
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

from shared.kernel.logs import CORRELATION, get_log

HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")
_REFUSED = frozenset({401, 403, 429})
_QUIET = frozenset({"health.healthz", "health.readyz", "static"})

log = get_log()


def install_correlation(app: Flask) -> None:
    """Take the client's id where it is well formed, give it back, and bind it to every line logged meanwhile."""
    app.before_request(_before)
    app.after_request(_after)


def _before() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _WELL_FORMED.fullmatch(given) else str(uuid.uuid4())
    g.began = time.monotonic()
    structlog.contextvars.unbind_contextvars(CORRELATION)
    structlog.contextvars.bind_contextvars(**{CORRELATION: g.request_id})


def _who(response: Response) -> dict[str, Any]:
    """Return who asked, by id; of what was refused for who or how often one asks, also from where."""
    principal = g.get("principal")
    who = {"userId": principal.user_id} if principal is not None else {}
    return who | ({"address": request.remote_addr} if response.status_code in _REFUSED else {})


def _after(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if request.endpoint not in _QUIET:
        rule = request.url_rule.rule if request.url_rule else "unknown"
        took = round((time.monotonic() - g.began) * 1000, 1)
        log.info(
            "request", method=request.method, route=rule, status=response.status_code, took_ms=took, **_who(response)
        )
    return response
