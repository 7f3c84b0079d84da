"""The one mapping of what goes wrong to an HTTP answer."""

from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from shared.kernel.errors import DomainError, PayloadTooLarge, Text, Unavailable, UnsupportedMediaType
from shared.kernel.logs import get_log
from web.answers import json_response
from web.context import request_id, say

log = get_log()

_BY_STATUS: dict[int, tuple[str, Text]] = {
    400: ("INVALID_REQUEST", Text("The request is not valid.", "잘못된 요청입니다.")),
    404: ("NOT_FOUND", Text("Not found", "찾을 수 없습니다.")),
    405: ("METHOD_NOT_ALLOWED", Text("Method not allowed", "허용되지 않은 메서드입니다.")),
    401: ("UNAUTHORIZED", Text("Sign in first.", "로그인이 필요합니다.")),
    403: ("FORBIDDEN", Text("Not allowed", "허용되지 않습니다.")),
    409: ("CONFLICT", Text("Not possible now", "지금은 할 수 없습니다.")),
    429: (
        "RATE_LIMITED",
        Text("Too many requests; try again later.", "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요."),
    ),
    408: ("INVALID_REQUEST", Text("The body did not come in time.", "본문이 제때 도착하지 않았습니다.")),
    413: (PayloadTooLarge.code, Text("The request is too large.", "요청이 너무 큽니다.")),
    415: (UnsupportedMediaType.code, Text("The body must be JSON.", "본문은 JSON이어야 합니다.")),
    426: ("UPGRADE_REQUIRED", Text("A WebSocket upgrade is required.", "웹소켓 업그레이드가 필요합니다.")),
    503: (Unavailable.code, Text("Not available now; try again.", "지금은 사용할 수 없습니다. 다시 시도해 주세요.")),
}
_BROKEN = Text("Something went wrong on our side.", "서버에 문제가 발생했습니다.")


def install_errors(app: Flask) -> None:
    """Answer every failure in the one form."""
    app.register_error_handler(DomainError, domain_failure)
    app.register_error_handler(HTTPException, _http_failure)
    app.register_error_handler(Exception, _unexpected)


def domain_failure(problem: DomainError) -> Response:
    """Return the answer to a refusal."""
    response = _failure(problem.status, problem.code, say(problem.text), problem.details)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _http_failure(problem: HTTPException) -> Response:
    status = 413 if isinstance(problem, RequestEntityTooLarge) else (problem.code or 500)
    if status < 400 and problem.response is None:
        return Response(status=status, headers=problem.get_headers())
    code, text = _BY_STATUS.get(status) or (_BY_STATUS[400] if status < 500 else ("INTERNAL_SERVER_ERROR", _BROKEN))
    response = _failure(status, code, say(text))
    kept = {"Allow", "Retry-After", "Upgrade", "Sec-WebSocket-Version", "Location"}
    source = problem.response.headers if problem.response is not None else dict(problem.get_headers())
    response.headers.extend({name: value for name, value in source.items() if name in kept})
    return response


def _unexpected(problem: Exception) -> Response:
    log.error("request.failed", exc_info=problem)
    return _failure(500, "INTERNAL_SERVER_ERROR", say(_BROKEN))


def _failure(status: int, code: str, message: str, details: list[dict[str, Any]] | None = None) -> Response:
    fields: dict[str, Any] = {"success": False, "error": code, "message": message}
    if details:
        fields["details"] = details
    return json_response(fields | {"requestId": request_id()}, status)
