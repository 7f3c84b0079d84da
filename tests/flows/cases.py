"""Rows of tables: a request, and what must be said to it."""

from dataclasses import dataclass, field
from typing import Any

import httpx

CODES = {
    400: "INVALID_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    426: "UPGRADE_REQUIRED",
    429: "RATE_LIMITED",
}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Case:
    """A request that is refused with a status; `names` are the fields that the details must name."""

    request: str
    status: int
    body: Any = None
    names: frozenset[str] = frozenset()
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    why: str = ""

    def __str__(self) -> str:
        shown = self.why or (self.raw if self.raw is not None else self.body) or ""
        return f"{self.request} {str(shown)[:60]} {self.status}".replace("[", "(").replace("]", ")")

    def options(self) -> dict[str, Any]:
        """Return what httpx is given beside method and path."""
        if self.raw is not None:
            return {"content": self.raw, "headers": JSON | self.headers}
        return {"headers": self.headers} | ({} if self.body is None else {"json": self.body})


def refused(request: str, status: int, body: Any = None, *names: str, **more: Any) -> Case:
    """Return a row."""
    return Case(request, status, body, frozenset(names), **more)


def check_refusal(answer: httpx.Response, status: int, names: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Hold an answer against the one form that all failures have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    said: dict[str, Any] = answer.json()
    assert said["success"] is False
    assert said["error"] == CODES[status]
    assert said["message"]
    assert said["requestId"] == answer.headers["X-Request-Id"]
    assert set(said) <= {"success", "error", "message", "details", "requestId"}
    assert names <= {detail["field"] for detail in said.get("details", [])}, said
    return said
