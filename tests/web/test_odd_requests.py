"""Requests as strangers write them: none is a fault of ours."""

import re
from typing import Any

import pytest

from shared.adapters.memory.identities import CODE
from tests.web.conftest import PASSWORD

NEWCOMER = {"email": "n@example.com", "password": PASSWORD, "name": "새내기", "role": "student"}


def paths(web: Any) -> list[tuple[str, str]]:
    """Return every route that has a name in its path."""
    rules = [rule for rule in web.app.url_map.iter_rules() if "<" in rule.rule and not rule.websocket]
    return sorted({(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}})


def test_a_path_longer_than_any_name_is_not_found_or_not_allowed(web: Any, student: str) -> None:
    looked_at = paths(web)
    assert len(looked_at) > 25
    for method, rule in looked_at:
        for name in ("x" * 2_100, "가" * 400):
            path = re.sub(r"<[^>]+>", name, rule)
            body = {"json": {}} if method in ("POST", "PATCH") else {}
            answer = web.call(method, path, student, **body)
            assert answer.status_code in ({200, 404} if rule.startswith("/app/") else {403, 404}), (method, rule)


@pytest.mark.parametrize("path", ["/rooms?cursor=", "/api/notifications?cursor=&limit=5"])
def test_an_empty_cursor_is_none(web: Any, student: str, path: str) -> None:
    assert web.call("GET", path, student).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("PUT", "/rooms"), ("GET", "/api/auth/login"), ("PUT", "/api/me")])
def test_allow_names_what_the_path_allows(web: Any, method: str, path: str) -> None:
    answer = web.call(method, path)
    allowed = {name.strip() for name in answer.headers["Allow"].split(",")}
    found = {name for rule in web.app.url_map.iter_rules() if rule.rule == path for name in rule.methods}
    assert (answer.status_code, allowed) == (405, found)


def test_unknown_paths_answer_in_the_callers_language(web: Any, student: str) -> None:
    for token in (None, student):
        answer = web.call("GET", "/nowhere", token, headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"})
        assert (answer.status_code, answer.get_json()["message"]) == (404, "찾을 수 없습니다.")


@pytest.mark.parametrize("value", [True, "5", 5.0, 1e300])
def test_json_is_read_strictly(web: Any, student: str, value: Any) -> None:
    answer = web.call("POST", "/rooms", student, json={"name": "r", "level": "beginner", "maxMembers": value})
    assert (answer.status_code, answer.get_json()["details"][0]["field"]) == (400, "maxMembers")


@pytest.mark.parametrize("header", ["traceparent", "Cache-Control", "X-Requested-With"])
def test_pages_may_send_what_their_libraries_send(web_with: Any, header: str) -> None:
    web = web_with(allowed_origins="https://app.test")
    asked = {
        "Origin": "https://app.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": header,
    }
    answer = web.call("OPTIONS", "/rooms", headers=asked)
    assert header.lower() in answer.headers["Access-Control-Allow-Headers"].lower()


QUOTED = {"auth.confirm": "인증 완료", "approve": "승인 완료", "feedback": "피드백 전송 완료"}
"""Messages that clients quote."""


def test_messages_that_clients_quote_are_exact(web: Any) -> None:
    korean = {"Accept-Language": "ko"}
    tutor, student = web.sign_in("t@example.com", role="tutor", language="ko"), web.sign_in("s@example.com")
    web.call("POST", "/api/auth/register", json=NEWCOMER)
    confirmed = web.call("POST", "/api/auth/confirm", json={"email": NEWCOMER["email"], "code": CODE}, headers=korean)
    asked = web.call("POST", "/api/tutors/t@example.com/request", student, json={"message": "x"}).get_json()
    approved = web.call("POST", f"/api/tutors/requests/{asked['requestId']}/approve", tutor)
    feedback = {"studentEmail": "s@example.com", "message": "Good", "messageType": "text"}
    sent = web.call("POST", "/api/tutor/feedback", tutor, json=feedback)

    assert [one.get_json()["message"] for one in (confirmed, approved, sent)] == list(QUOTED.values())
