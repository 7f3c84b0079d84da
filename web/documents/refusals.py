"""Every refusal by its status: one form, and a code that never changes."""

from collections.abc import Iterable
from typing import Any

from shared.kernel.contract import Contract

CODES = {
    400: "INVALID_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    408: "INVALID_REQUEST",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    414: "INVALID_REQUEST",
    415: "UNSUPPORTED_MEDIA_TYPE",
    426: "UPGRADE_REQUIRED",
    429: "RATE_LIMITED",
    500: "INTERNAL_SERVER_ERROR",
    503: "UNAVAILABLE",
}
"""By status; 408 is a body that did not come in time, 414 an address of more than 8,000 bytes."""
_MEANINGS = {
    400: "The request can never succeed as it is; `details` name the fields.",
    401: "Nobody has proved who is asking: sign in, or renew the access token.",
    403: "Not for this person.",
    404: "It does not exist, or it is somebody else's.",
    405: "The address takes other methods; `Allow` names them.",
    408: "The body did not come in time.",
    409: "The state of things does not allow it now.",
    413: "More bytes than the limit.",
    414: "The address is too long.",
    415: "A type of content that is not taken here.",
    426: "This address is for WebSockets.",
    429: "Too many in too short a time; `Retry-After` says in how many seconds again.",
    500: "Something went wrong on the platform's side; nothing of it is shown.",
    503: "Something that the platform needs did not answer; the same request again is safe and may help.",
}
_RETRYABLE = frozenset({409, 429, 503})


class Failure(Contract):
    """How everything is refused: `error` is a code for programs, `message` a sentence for people."""

    success: bool
    error: str
    message: str
    details: list[dict[str, Any]] | None = None
    request_id: str


def failure_name(status: int) -> str:
    """Return the name of the schema and of the response of a status."""
    return _PASCAL[status]


def failure_schemas() -> dict[str, Any]:
    """Return the schemas of refusals by name, one a status."""
    return {failure_name(status): _schema(status) for status in CODES}


def failure_responses() -> dict[str, Any]:
    """Return the responses of refusals by name, one a status."""
    return {failure_name(status): _response(status) for status in CODES}


def referred(statuses: Iterable[int]) -> dict[str, Any]:
    """Return references to the responses of statuses, in their order."""
    return {str(status): {"$ref": f"#/components/responses/{failure_name(status)}"} for status in sorted(statuses)}


_OWN_NAMES = {408: "Timeout", 414: "AddressTooLong"}
"""Of statuses that share another's code."""
_PASCAL = {
    status: _OWN_NAMES.get(status, "".join(part.capitalize() for part in code.split("_"))) + "Failure"
    for status, code in CODES.items()
}


def _schema(status: int) -> dict[str, Any]:
    return {
        "type": "object",
        "description": _MEANINGS[status],
        "properties": {
            "success": {"type": "boolean", "const": False},
            "error": {"type": "string", "const": CODES[status]},
            "message": {"type": "string", "description": "A sentence for people, in the reader's language."},
            "details": {
                "type": "array",
                "description": "What is wrong, field by field; other refusals say in them what led to them.",
                "items": {"type": "object", "additionalProperties": True},
            },
            "requestId": {"type": "string", "description": "Names this request in the platform's logs."},
        },
        "required": ["success", "error", "message", "requestId"],
    }


def _response(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": _MEANINGS[status],
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{failure_name(status)}"},
                "example": {"success": False, "error": CODES[status], "message": "…", "requestId": "01HV…"},
            }
        },
    }
    if status in _RETRYABLE:
        words = "Seconds after which the same request may succeed."
        response["headers"] = {"Retry-After": {"description": words, "schema": {"type": "integer", "minimum": 0}}}
    return response
