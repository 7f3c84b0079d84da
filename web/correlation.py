"""One id and one log line for every request."""

import re
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

from shared.kernel.logs import CORRELATION, TRACE, get_log
from shared.kernel.tracing import HEADER as TRACE_HEADER
from shared.kernel.tracing import Kind, parent_of, traced
from web.context import gateway

HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")
_REFUSED = frozenset({401, 403, 429})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"health.healthz", "health.readyz", "static"})

log = get_log()


def install_correlation(app: Flask) -> None:
    """Take the client's id where it is well formed, give it back, and bind it to every line logged meanwhile."""
    app.before_request(_before)
    app.after_request(_after)
    app.teardown_request(_end_span)


def _before() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _WELL_FORMED.fullmatch(given) else str(uuid.uuid4())
    g.began = time.monotonic()
    parent = parent_of(request.headers.get(TRACE_HEADER), g.request_id)
    structlog.contextvars.unbind_contextvars(CORRELATION, TRACE)
    structlog.contextvars.bind_contextvars(**{CORRELATION: g.request_id, TRACE: parent.trace_id})
    g.span = traced(f"{request.method} {_route()}", Kind.SERVER, parent)
    g.span.__enter__()


def _end_span(error: BaseException | None) -> None:
    span = g.pop("span", None)
    if span is not None:
        span.__exit__(None, error, None)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


def _who(response: Response) -> dict[str, Any]:
    """Return who asked, by id; of what was refused for who or how often one asks, also from where."""
    principal = g.get("principal")
    who = {"userId": principal.user_id} if principal is not None else {}
    return who | ({"address": request.remote_addr} if response.status_code in _REFUSED else {})


def _after(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if request.endpoint not in _QUIET:
        rule = _route()
        seconds = time.monotonic() - g.began
        took = round(seconds * 1000, 1)
        metrics, status = gateway().metrics, f"{response.status_code // 100}xx"
        method = request.method if request.method in _METHODS else "other"
        metrics.count("http_requests", route=rule, method=method, status=status)
        metrics.observe("http_request_seconds", seconds, route=rule)
        log.info(
            "request", method=request.method, route=rule, status=response.status_code, took_ms=took, **_who(response)
        )
    return response
