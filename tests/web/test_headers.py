"""Ids, access lines, security headers, CORS and HTTPS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

ALLOWED = "https://app.example.com"


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield captured


def test_a_well_formed_id_is_kept_and_any_other_replaced(web: Any) -> None:
    kept = web.call("GET", "/healthz", headers={"X-Request-Id": "abc-123_X.y"})
    assert kept.headers["X-Request-Id"] == "abc-123_X.y"
    for bad in ("", "x" * 129, "two words", "a\tb", "<script>"):
        fresh = web.call("GET", "/healthz", headers={"X-Request-Id": bad}).headers["X-Request-Id"]
        assert fresh != bad
        assert len(fresh) == 36


def test_each_request_is_one_line_without_query_or_tokens(web: Any, lines: list[Any]) -> None:
    token = web.sign_in()
    lines.clear()
    web.call("GET", "/rooms/some-room?secret=1", token, headers={"X-Request-Id": "mine"})
    (line,) = [one for one in lines if one["event"] == "request"]
    assert (line["method"], line["route"], line["status"], line["requestId"]) == (
        "GET",
        "/rooms/<room_id>",
        400,
        "mine",
    )
    assert line["took_ms"] >= 0
    assert line["userId"]
    assert token not in str(lines)
    assert "secret" not in str(line)


def test_no_password_reaches_a_log(web: Any, lines: list[Any]) -> None:
    web.sign_in()
    web.call("POST", "/api/auth/login", json={"email": "min@example.com", "password": "Wr0ng!password"})
    web.call("POST", "/api/auth/register", json={"password": "Str0ng!password"})
    assert "password" not in str(lines)


def test_every_answer_carries_the_headers_that_keep_browsers_safe(web: Any, student: str) -> None:
    for path in ("/healthz", "/nowhere", "/docs", "/api/me", "/app/rooms", "/static/docs.css"):
        headers = web.call("GET", path, student).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in headers
    assert web.call("GET", "/api/me", student).headers["Cache-Control"] == "no-store"


def test_an_allowed_page_may_call(web_with: Callable[..., Any]) -> None:
    web = web_with(allowed_origins=[ALLOWED])
    preflight = web.call("OPTIONS", "/api/me", headers={"Origin": ALLOWED, "Access-Control-Request-Method": "PATCH"})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in preflight.headers["Access-Control-Allow-Headers"]
    answer = web.call("GET", "/api/me", headers={"Origin": ALLOWED})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, ALLOWED)
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{ALLOWED}.evil.example", f"{ALLOWED}:8443", ALLOWED.upper(), ""]
)
def test_no_other_page_may(web_with: Callable[..., Any], origin: str) -> None:
    web = web_with(allowed_origins=[ALLOWED])
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        assert "Access-Control-Allow-Origin" not in web.call(method, "/api/me", headers=headers).headers


def test_behind_a_proxy_http_is_sent_to_https(web_with: Callable[..., Any]) -> None:
    web = web_with(trusted_proxies=1)
    moved = web.call("GET", "/app/rooms?a=1", headers={"X-Forwarded-Proto": "http"})
    assert (moved.status_code, moved.headers["Location"]) == (308, "https://localhost/app/rooms?a=1")
    for method, path in (("GET", "/api/me"), ("POST", "/api/auth/login"), ("GET", "/rooms"), ("GET", "/ws?token=x")):
        assert web.call(method, path, headers={"X-Forwarded-Proto": "http"}).status_code == 403
    secure = web.call("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")
    assert web.call("GET", "/healthz").status_code == 200


def test_without_a_trusted_proxy_forwarded_headers_mean_nothing(web: Any) -> None:
    answer = web.call("GET", "/healthz", headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "9.9.9.9"})
    assert answer.status_code == 200
    assert (
        "Strict-Transport-Security" not in web.call("GET", "/healthz", headers={"X-Forwarded-Proto": "https"}).headers
    )


def test_no_method_but_those_of_a_route_is_answered(web: Any, student: str) -> None:
    for method in ("TRACE", "CONNECT", "PUT", "PROPFIND"):
        assert web.call(method, "/api/me", student).status_code == 405
