"""Signing up, in, and one's own account."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest

from shared.kernel.emails import email_digest
from tests.flows.cases import check_refusal
from tests.flows.people import PASSWORD, People, Person, fields
from tests.flows.platform import Platform, wait_for

NEW_PASSWORD = "Another-2025?"


def ask(http: httpx.Client, what: str, body: Mapping[str, object], **headers: str) -> httpx.Response:
    return http.post(f"/api/auth/{what}", json=body, headers=headers)


def test_from_registering_to_being_signed_in(people: People, platform_http: httpx.Client) -> None:
    person = people.registered(language="ko")
    asked = {"email": person.email, "password": PASSWORD}
    check_refusal(ask(platform_http, "login", asked), 403)
    check_refusal(ask(platform_http, "confirm", {"email": person.email, "code": "wrong"}), 400)

    first = people.code(person)
    assert ask(platform_http, "resend", {"email": person.email}).status_code == 200
    second = people.code(person, after=1)
    assert second != first
    assert ask(platform_http, "confirm", {"email": person.email.upper(), "code": second}).status_code == 200
    signed_in = fields(ask(platform_http, "login", asked))
    for email in (person.email, person.email.upper()):
        other = asked | {"email": email, "name": "B", "role": "tutor"}
        check_refusal(ask(platform_http, "register", other), 409)

    assert {"accessToken", "refreshToken", "idToken", "expiresIn", "user"} <= set(signed_in)
    assert signed_in["expiresIn"] == 3600
    user = signed_in["user"]
    assert (user["email"], user["role"], user["name"]) == (person.email, "student", person.name)
    check_refusal(ask(platform_http, "login", asked | {"password": "Wrong-2024!"}), 401)


def test_nobody_learns_who_is_known(people: People, ann: Person, platform_http: httpx.Client) -> None:
    for what in ("resend", "forgot"):
        known, unknown = (ask(platform_http, what, {"email": email}) for email in (ann.email, "no@example.com"))
        assert known.status_code == unknown.status_code == 200
        assert known.json() == unknown.json()
    emails = (ann.email, "no@example.com")
    answers = [ask(platform_http, "login", {"email": one, "password": "Wrong-2024!"}) for one in emails]
    refusals = [check_refusal(answer, 401) for answer in answers]
    assert refusals[0]["message"] == refusals[1]["message"]


def test_a_forgotten_password(people: People, platform_http: httpx.Client) -> None:
    person = people.fresh()
    ask(platform_http, "forgot", {"email": person.email})
    code = people.code(person, after=1)
    reset = {"email": person.email, "code": code, "newPassword": NEW_PASSWORD}
    check_refusal(ask(platform_http, "reset", reset | {"code": "wrong"}), 400)
    check_refusal(ask(platform_http, "reset", reset | {"newPassword": "too-weak"}), 400)

    assert ask(platform_http, "reset", reset).status_code == 200
    check_refusal(ask(platform_http, "reset", reset), 400)
    check_refusal(ask(platform_http, "login", {"email": person.email, "password": PASSWORD}), 401)
    assert ask(platform_http, "login", {"email": person.email, "password": NEW_PASSWORD}).status_code == 200


def test_refreshing(people: People, platform_http: httpx.Client) -> None:
    person = people.fresh()
    fresh = fields(ask(platform_http, "refresh", {"refreshToken": person.tokens["refreshToken"]}))

    assert fresh["expiresIn"] == 3600
    assert {"accessToken", "idToken"} <= set(fresh)
    assert "refreshToken" not in fresh
    person.tokens = {"accessToken": fresh["accessToken"]}
    assert person.get("/api/me")["userId"] == person.user_id


@contextmanager
def short_lived(platform: Platform, seconds: int) -> Iterator[None]:
    """Have the pool issue access tokens that live so long."""
    named = {"UserPoolId": platform.state["aws"]["userPoolId"], "ClientId": platform.state["aws"]["clientId"]}
    shown = platform.cognito.describe_user_pool_client(**named)["UserPoolClient"]
    made = {"ClientSecret", "LastModifiedDate", "CreationDate"}
    kept = {name: value for name, value in shown.items() if value and name not in made}
    units = kept["TokenValidityUnits"] | {"AccessToken": "seconds"}
    platform.cognito.update_user_pool_client(**kept | {"AccessTokenValidity": seconds, "TokenValidityUnits": units})
    try:
        yield
    finally:
        platform.cognito.update_user_pool_client(**kept)


def test_an_expired_token(ann: Person, platform: Platform) -> None:
    with short_lived(platform, 3):
        late = ann.again()
    assert late.tokens["expiresIn"] == 3
    with late.channel() as channel:  # a socket outlives its token
        refused = wait_for(lambda: _refusal(late), "the token expires")
        assert refused is not None
        check_refusal(refused, 401)
        assert channel.ask("ping")["action"] == "pong"


def _refusal(person: Person) -> httpx.Response | None:
    answer = person.ask("GET", "/api/me")
    return None if answer.is_success else answer


def test_ones_own_account(people: People) -> None:
    student, tutor = people.fresh(), people.fresh("tutor", language="ko")
    shown = student.get("/api/me")
    assert (shown["userId"], shown["email"], shown["role"]) == (student.user_id, student.email, "student")
    assert "isAccepting" not in shown
    shown = tutor.get("/api/me")
    assert (shown["isAccepting"], shown["maxStudents"], shown["language"]) == (True, 10, "ko")

    changed = fields(tutor.ask("PATCH", "/api/me", json={"isAccepting": False, "maxStudents": 3, "name": " Kim "}))
    assert (changed["isAccepting"], changed["maxStudents"], changed["name"]) == (False, 3, "Kim")
    assert tutor.get("/api/me")["name"] == "Kim"


def test_null_clears_and_absent_keeps(people: People) -> None:
    person = people.fresh()
    change = {"level": "상", "timeZone": "Asia/Seoul", "language": "ko", "userId": person.user_id}
    changed = fields(person.ask("PATCH", "/api/me", json=change))
    assert (changed["level"], changed["timeZone"]) == ("advanced", "Asia/Seoul")

    kept = fields(person.ask("PATCH", "/api/me", json={"level": None}))
    assert kept.get("level") is None
    assert kept["timeZone"] == "Asia/Seoul"
    assert fields(person.ask("PATCH", "/api/me", json={}))["timeZone"] == "Asia/Seoul"
    assert fields(person.ask("PATCH", "/api/me", json={"difficulty": "중"}))["level"] == "intermediate"
    assert person.get("/api/me")["level"] == "intermediate"


def test_texts_follow_the_account_then_the_browser(people: People, platform_http: httpx.Client) -> None:
    english, korean = people.fresh(language="en"), people.fresh(language="ko")
    undecided = people.fresh()
    nowhere = "/rooms/00000000-0000-4000-8000-000000000000"

    def said(person: Person, accepted: str) -> str:
        return str(person.ask("GET", nowhere, headers={"Accept-Language": accepted}).json()["message"])

    assert said(english, "ko") == "Room not found"
    assert said(korean, "en") == "방을 찾을 수 없습니다."
    assert said(undecided, "ko-KR,ko;q=0.9,en;q=0.5") == "방을 찾을 수 없습니다."
    assert said(undecided, "fr") == "Room not found"
    browser = platform_http.get("/rooms", headers={"Accept-Language": "ko-KR"})
    assert "로그인" in browser.json()["message"]
    assert korean.ask("POST", "/rooms", json={"name": "방", "level": "하"}).json()["message"] == "방이 생성되었습니다"


@pytest.mark.parametrize("field", ["userId", "createdBy"])
def test_naming_oneself_is_fine(field: str, ann: Person) -> None:
    room = {"name": "Mine", "level": "beginner"}
    assert ann.ask("POST", "/rooms", json=room | {field: ann.user_id}).status_code == 201
    assert ann.ask("POST", "/rooms", json=room | {field: None}).status_code == 201
    assert ann.ask("GET", f"/rooms?{field}={ann.user_id}").status_code == 200


def test_naming_ones_email_is_fine(ann: Person, ben: Person) -> None:
    room = {"name": "Mine", "level": "beginner"}
    assert ann.ask("POST", "/rooms", json=room | {"studentEmail": ann.email.upper()}).status_code == 201
    check_refusal(ann.ask("POST", "/rooms", json=room | {"studentEmail": ben.email}), 403)


def test_the_account_as_it_is_stored(people: People, platform: Platform) -> None:
    person, tutor = people.fresh(), people.fresh("tutor")
    item = platform.item(f"USER#{person.user_id}", "PROFILE")
    assert item is not None
    owner = platform.item(f"EMAIL#{email_digest(person.email)}", "OWNER")
    assert owner is not None
    assert owner["userId"] == person.user_id
    assert "GSI1PK" not in item
    assert "password" not in str(item).lower()
    item = platform.item(f"USER#{tutor.user_id}", "PROFILE")
    assert item is not None
    assert (item["GSI1PK"], item["GSI1SK"]) == ("TUTORS", f"{tutor.name}#{tutor.user_id}")
