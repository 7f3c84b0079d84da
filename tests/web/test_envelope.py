"""What every request meets before and after its view: parsing, failures, languages, sizes, headers, limits."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.kernel.errors import RateLimited, Unavailable

EMAIL = "min@example.com"
ACCOUNT = {"email": EMAIL, "password": "Str0ng!password", "name": "민지", "role": "student"}


def failure(answer: Any) -> tuple[int, str]:
    said = answer.get_json()
    assert said["success"] is False
    assert said["message"]
    assert said["requestId"] == answer.headers["X-Request-Id"]
    return answer.status_code, said["error"]


def fields(answer: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in answer.get_json()["details"]}


# Who is asking


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic bWluOm1pbg=="},
        {"Authorization": "Bearer id of access-1"},
        {"Authorization": "Bearer nonsense"},
    ],
)
def test_without_a_valid_access_token_there_is_no_answer(web: Any, student: str, headers: dict[str, str]) -> None:
    assert failure(web.call("GET", "/api/me", headers=headers)) == (401, "UNAUTHORIZED")


def test_every_endpoint_but_the_public_ones_asks_for_a_token(web: Any) -> None:
    public = {"register", "confirm", "resend", "login", "refresh", "forgot", "reset"}
    open_paths = {f"/api/auth/{name}" for name in public} | {
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/asyncapi.json",
        "/docs",
        "/ws",
    }
    for rule in web.app.url_map.iter_rules():
        path = rule.rule.replace("<", "").replace(">", "")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (
                rule.rule not in open_paths
                and rule.endpoint != "gateway_socket"
                and not rule.endpoint.startswith(("pages.", "documents."))
            ):
                assert web.call(method, path).status_code == 401, (method, path)


def test_a_missing_profile_is_made_from_what_the_identity_provider_knows(web: Any, student: str) -> None:
    web.context.accounts.accounts.clear()
    shown = web.call("GET", "/api/me", student).get_json()
    assert (shown["email"], shown["name"]) == (EMAIL, "민지")


def test_where_sign_ins_cannot_be_checked_the_answer_is_503(web: Any, student: str) -> None:
    def away(_session_id: str) -> bool:
        raise Unavailable("away", retry_after=1)

    web.context.revocations.is_revoked = away
    answer = web.call("GET", "/api/me", student)
    assert failure(answer) == (503, "UNAVAILABLE")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("field", "own", "other"),
    [
        ("userId", "user-1", "user-2"),
        ("createdBy", "USER-1", "x"),
        ("studentEmail", "Min@Example.com", "a@example.com"),
    ],
)
def test_fields_that_name_the_caller_are_taken_and_others_refused(
    web: Any, student: str, field: str, own: str, other: str
) -> None:
    for where in ("json", "query_string"):
        path, method = ("/api/me", "PATCH") if where == "json" else ("/rooms", "GET")
        assert web.call(method, path, student, **{where: {field: own}}).status_code == 200
        assert failure(web.call(method, path, student, **{where: {field: other}})) == (403, "FORBIDDEN")


# What they say


def test_unknown_missing_and_wrong_fields_are_named_and_never_repeated(web: Any) -> None:
    sent = {"email": "no-email-at-all", "name": "x" * 101, "role": "pirate-king", "nickname": "secret-nickname"}
    answer = web.call("POST", "/api/auth/register", json=sent)
    assert failure(answer) == (400, "INVALID_REQUEST")
    assert fields(answer).keys() == {"email", "name", "role", "nickname", "password"}
    for value in ("no-email-at-all", "xxx", "pirate-king", "secret-nickname"):
        assert value not in answer.text


def test_what_is_wrong_is_said_in_the_readers_language(web: Any) -> None:
    for language, words in (
        ("ko-KR,ko;q=0.9", "필수 항목입니다"),
        ("fr", "is needed"),
        ("en;q=0.1, ko", "필수 항목입니다"),
    ):
        answer = web.call("POST", "/api/auth/resend", json={}, headers={"Accept-Language": language})
        assert fields(answer)["email"] == words


def test_absent_and_null_mean_the_same_except_in_patch(web: Any, student: str) -> None:
    registered = web.call("POST", "/api/auth/register", json=ACCOUNT | {"email": "b@example.com", "language": None})
    assert registered.status_code == 201
    assert web.call("POST", "/api/auth/resend", json={"email": None}).status_code == 400
    assert web.call("PATCH", "/api/me", student, json={"name": None}).status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"{", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b'"{}"', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"email": "a@example.com"}', "text/plain", 415),
        (b"email=a@example.com", "application/x-www-form-urlencoded", 415),
        (b'{"email": "a@example.com"}', "application/json; charset=utf-8", 200),
    ],
)
def test_only_a_json_object_is_a_body(web: Any, body: bytes, content_type: str, expected: int) -> None:
    answer = web.call("POST", "/api/auth/resend", data=body, content_type=content_type)
    assert answer.status_code == expected
    if expected != 200:
        failure(answer)


def test_where_no_body_or_query_is_documented_none_is_taken(web: Any, student: str) -> None:
    answer = web.call("GET", "/api/me?verbose=1", student)
    assert failure(answer) == (400, "INVALID_REQUEST")
    assert fields(answer).keys() == {"verbose"}
    assert fields(web.call("POST", "/rooms/r1/leave", student, json={"why": 1})).keys() == {"why"}


@pytest.mark.parametrize("query", ["limit=0", "limit=21", "limit=x", "level=expert", "order=newest", "cursor=damaged"])
def test_a_query_is_checked_like_a_body(web: Any, student: str, query: str) -> None:
    assert failure(web.call("GET", f"/rooms?{query}", student)) == (400, "INVALID_REQUEST")


def test_a_body_that_is_too_long_is_refused(web: Any) -> None:
    answer = web.call("POST", "/api/auth/resend", data=b"x" * 300_000, content_type="application/json")
    assert failure(answer) == (413, "PAYLOAD_TOO_LARGE")


# What else can go wrong


def test_paths_and_methods_that_do_not_exist(web: Any, student: str) -> None:
    assert failure(web.call("GET", "/nowhere")) == (404, "NOT_FOUND")
    assert failure(web.call("GET", "/nowhere", student)) == (404, "NOT_FOUND")
    wrong = web.call("PUT", "/api/me", student)
    assert failure(wrong) == (405, "METHOD_NOT_ALLOWED")
    assert "PATCH" in wrong.headers["Allow"]


def test_a_socket_needs_an_upgrade(web: Any) -> None:
    answer = web.call("GET", "/ws")
    assert failure(answer) == (426, "UPGRADE_REQUIRED")


def test_an_unexpected_error_shows_nothing_of_the_inside(web: Any, student: str) -> None:
    def broken(_user_id: str) -> None:
        raise KeyError("a very internal secret")

    web.context.accounts.get = broken
    answer = web.call("GET", "/api/me", student)
    # the profile may come from the authenticator's memory; the view itself reads it again
    assert failure(answer) == (500, "INTERNAL_SERVER_ERROR")
    assert "secret" not in answer.text
    assert "KeyError" not in answer.text


def test_too_many_requests_wait_a_moment(web_with: Callable[..., Any]) -> None:
    web = web_with(requests_per_two_seconds=5)
    token = web.sign_in()
    answers = [web.call("GET", "/api/me", token) for _ in range(8)]
    assert [answer.status_code for answer in answers].count(200) == 5
    assert failure(answers[-1]) == (429, "RATE_LIMITED")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 2
    assert web.call("GET", "/healthz").status_code == 200


def test_requests_without_a_valid_token_are_counted_by_address(web_with: Callable[..., Any]) -> None:
    web = web_with(requests_per_two_seconds=5)
    codes = [web.call("GET", "/api/me", "forged").status_code for _ in range(8)]
    assert codes == [401] * 5 + [429] * 3


def test_opening_sockets_is_not_counted_as_calls(web_with: Callable[..., Any]) -> None:
    web = web_with(requests_per_two_seconds=5)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert {web.call("GET", "/ws", headers=upgrade | key).status_code for _ in range(8)} == {401}


def test_guessing_a_password_ends(web: Any) -> None:
    wrong = {"email": EMAIL, "password": "Wr0ng!password"}
    codes = [web.call("POST", "/api/auth/login", json=wrong).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_a_refusal_says_when_to_come_back(web: Any, student: str) -> None:
    def limited(*_who: Any, **_limit: Any) -> None:
        raise RateLimited("slow down", "천천히", retry_after=7)

    web.context.limits.check = limited
    answer = web.call("GET", "/api/me", student, headers={"Accept-Language": "ko"})
    assert (answer.headers["Retry-After"], answer.get_json()["message"]) == ("7", "천천히")


# Health and documents


def test_health(web: Any) -> None:
    assert web.call("GET", "/healthz").get_json()["success"] is True
    web.context.said = ["Queue tts: DelaySeconds is 900, must be 0"]
    ready = web.call("GET", "/readyz")
    assert (ready.status_code, ready.get_json()["notices"]) == (200, web.context.said)

    def away() -> None:
        raise Unavailable("away")

    web.context.checks["redis"] = away
    answer = web.call("GET", "/readyz")
    assert failure(answer) == (503, "UNAVAILABLE")
    assert answer.get_json()["checks"] == {"redis": False, "dynamodb": True}


def test_the_documents_need_no_token_and_load_nothing_from_elsewhere(web: Any) -> None:
    page = web.call("GET", "/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")
    document = web.call("GET", "/openapi.json").get_json()
    assert document["info"]["title"] == "SpeakTracker"
    assert "/api/auth/login" in document["paths"]


def test_the_document_names_path_parameters_as_the_paths_do(web: Any) -> None:
    document = web.call("GET", "/openapi.json").get_json()
    for path, calls in document["paths"].items():
        for call in calls.values():
            named = {one["name"] for one in call.get("parameters", []) if one.get("in") == "path"}
            assert all(f"{{{name}}}" in path for name in named), path
            assert path.count("{") == len(named), path


def test_the_document_says_which_calls_need_a_token(web: Any) -> None:
    paths = web.call("GET", "/openapi.json").get_json()["paths"]
    assert paths["/api/me"]["get"]["security"] == [{"bearer": []}]
    assert not paths["/api/auth/login"]["post"].get("security")
