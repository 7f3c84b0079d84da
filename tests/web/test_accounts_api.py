"""Accounts over HTTP, as section by section a client meets them."""

from typing import Any

import pytest

from shared.adapters.memory.identities import CODE

EMAIL, PASSWORD = "min@example.com", "Str0ng!password"
ACCOUNT = {"email": EMAIL, "password": PASSWORD, "name": "민지", "role": "student"}


def test_registering_answers_201_and_a_known_email_409(web: Any) -> None:
    made = web.call("POST", "/api/auth/register", json=ACCOUNT)
    assert (made.status_code, made.get_json()["success"]) == (201, True)
    assert web.call("POST", "/api/auth/register", json=ACCOUNT).status_code == 201  # sent twice: not proved yet
    web.call("POST", "/api/auth/confirm", json={"email": EMAIL, "code": CODE})
    again = web.call("POST", "/api/auth/register", json=ACCOUNT | {"email": EMAIL.upper()})
    assert (again.status_code, again.get_json()["error"]) == (409, "CONFLICT")


def test_a_weak_password_is_refused_and_not_repeated(web: Any) -> None:
    answer = web.call("POST", "/api/auth/register", json=ACCOUNT | {"password": "weak-secret"})
    assert answer.status_code == 400
    assert "weak-secret" not in answer.text


def test_signing_in(web: Any) -> None:
    web.call("POST", "/api/auth/register", json=ACCOUNT)
    unconfirmed = web.call("POST", "/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert (unconfirmed.status_code, unconfirmed.get_json()["error"]) == (403, "FORBIDDEN")
    wrong = web.call("POST", "/api/auth/confirm", json={"email": EMAIL, "code": "000000"})
    assert wrong.status_code == 400
    assert web.call("POST", "/api/auth/confirm", json={"email": EMAIL, "code": CODE}).status_code == 200

    answer = web.login(EMAIL)

    assert {"accessToken", "refreshToken", "idToken", "expiresIn"} <= answer.keys()
    assert answer["user"] == {"userId": "user-1", "email": EMAIL, "role": "student", "name": "민지"}


def test_an_unknown_user_and_a_wrong_password_look_the_same(web: Any) -> None:
    web.sign_in()
    answers = [
        web.call("POST", "/api/auth/login", json={"email": email, "password": password})
        for email, password in ((EMAIL, "Wr0ng!password"), ("nobody@example.com", PASSWORD))
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    first, second = ({**answer.get_json(), "requestId": ""} for answer in answers)
    assert first == second


def test_refreshing_gives_no_refresh_token(web: Any) -> None:
    web.sign_in()
    token = web.login(EMAIL)["refreshToken"]
    answer = web.call("POST", "/api/auth/refresh", json={"refreshToken": token}).get_json()
    assert {"accessToken", "idToken", "expiresIn"} <= answer.keys()
    assert "refreshToken" not in answer
    assert web.call("POST", "/api/auth/refresh", json={"refreshToken": "forged"}).status_code == 401


def test_logging_out_refuses_the_tokens_of_that_sign_in_only(web: Any) -> None:
    other = web.sign_in()
    mine = web.login(EMAIL)

    answer = web.call("POST", "/api/auth/logout", mine["accessToken"], json={"refreshToken": mine["refreshToken"]})

    assert answer.status_code == 200
    assert web.call("GET", "/api/me", mine["accessToken"]).status_code == 401
    assert web.call("GET", "/api/me", other).status_code == 200
    assert web.call("POST", "/api/auth/refresh", json={"refreshToken": mine["refreshToken"]}).status_code == 401
    assert [(code, only) for _, code, only in web.context.events.closed] == [(4401, {"session_id": "session-2"})]


@pytest.mark.parametrize("path", ["/api/auth/resend", "/api/auth/forgot"])
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_asking_for_a_code_tells_nothing(web: Any, path: str, email: str) -> None:
    web.call("POST", "/api/auth/register", json=ACCOUNT)
    assert web.call("POST", path, json={"email": email}).status_code == 200


def test_resetting_a_password(web: Any) -> None:
    web.sign_in()
    change = {"email": EMAIL, "code": CODE, "newPassword": "N3w!password"}
    for wrong in ({"code": "000000"}, {"email": "nobody@example.com"}, {"newPassword": "easy"}):
        assert web.call("POST", "/api/auth/reset", json=change | wrong).status_code == 400
    assert web.call("POST", "/api/auth/reset", json=change).status_code == 200
    web.context.identities.now += 60  # refusals take their time by the same clock
    assert web.login(EMAIL, "N3w!password")


def test_ones_own_account(web: Any, student: str) -> None:
    shown = web.call("GET", "/api/me", student).get_json()
    assert (shown["userId"], shown["email"], shown["role"], shown["timeZone"]) == (
        "user-1",
        EMAIL,
        "student",
        "Asia/Seoul",
    )
    assert not {"isAccepting", "maxStudents", "isConfirmed"} & shown.keys()

    changed = web.call("PATCH", "/api/me", student, json={"level": "하", "language": "ko"}).get_json()

    assert (changed["level"], changed["language"], changed["message"]) == ("beginner", "ko", "계정")
    cleared = web.call("PATCH", "/api/me", student, json={"level": None}).get_json()
    assert "level" not in cleared
    assert cleared["language"] == "ko"


def test_the_answer_to_a_change_of_language_and_all_after_it_follow_it(web: Any, student: str) -> None:
    web.call("PATCH", "/api/me", student, json={"language": "ko"})
    assert web.call("GET", "/api/me", student, headers={"Accept-Language": "en"}).get_json()["message"] == "계정"


def test_a_place_for_a_profile_image(web: Any, student: str) -> None:
    offer = web.call("POST", "/api/me/profile-image", student, json={"contentType": "image/png", "size": 10}).get_json()
    assert offer["key"].startswith("profile-images/incoming/user-1/")
    changed = web.call("PATCH", "/api/me", student, json={"profileImageKey": offer["key"]}).get_json()
    assert changed["profileImageKey"] == offer["key"].replace("incoming/", "")
    assert changed["profileImageKey"] in changed["profileImageUrl"]

    big = web.call("POST", "/api/me/profile-image", student, json={"contentType": "image/png", "size": 99_999_999})
    other = web.call("POST", "/api/me/profile-image", student, json={"contentType": "text/html", "size": 10})
    assert (big.status_code, big.get_json()["error"]) == (413, "PAYLOAD_TOO_LARGE")
    assert (other.status_code, other.get_json()["error"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_tutor_says_how_many_students_they_take(web: Any, student: str) -> None:
    refused = web.call("PATCH", "/api/me", student, json={"maxStudents": 5})
    assert (refused.status_code, refused.get_json()["details"][0]["field"]) == (400, "maxStudents")
    tutor = web.sign_in("tutor@example.com", role="tutor")
    shown = web.call("PATCH", "/api/me", tutor, json={"maxStudents": 5}).get_json()
    assert (shown["maxStudents"], shown["isAccepting"]) == (5, True)


WEB = {"X-SpeakTracker-Client": "web"}


def test_the_web_client_keeps_its_refresh_token_where_no_script_reads_it(web: Any) -> None:
    web.sign_in()
    answer = web.call("POST", "/api/auth/login", json={"email": EMAIL, "password": PASSWORD}, headers=WEB)
    assert "refreshToken" not in answer.get_json()
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/api/auth"} <= set(cookie.split("; "))
    assert "Secure" not in cookie

    renewed = web.call("POST", "/api/auth/refresh", headers=WEB)
    assert renewed.status_code == 200, renewed.text
    token = renewed.get_json()["accessToken"]

    ended = web.call("POST", "/api/auth/logout", token, headers=WEB)
    assert (ended.status_code, "refreshToken=;" in ended.headers["Set-Cookie"]) == (200, True)
    assert web.call("POST", "/api/auth/refresh", headers=WEB).status_code == 401


def test_the_cookie_alone_is_nothing(web: Any) -> None:
    web.sign_in()
    web.call("POST", "/api/auth/login", json={"email": EMAIL, "password": PASSWORD}, headers=WEB)
    forged = web.call("POST", "/api/auth/refresh", headers={"Origin": "https://evil.example"})
    assert (forged.status_code, forged.get_json()["details"][0]["field"]) == (400, "refreshToken")


def test_no_foreign_page_may_send_the_web_clients_header(web_with: Any) -> None:
    web = web_with(allowed_origins=["https://app.example.com"])
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
    answer = web.call("OPTIONS", "/api/auth/refresh", headers=asked)
    assert "x-speaktracker-client" not in answer.headers["Access-Control-Allow-Headers"].lower()


def test_the_cookie_is_for_https_only_where_the_page_came_over_it(web_with: Any) -> None:
    web = web_with(trusted_proxies=1)
    https = {"X-Forwarded-Proto": "https"}
    web.call("POST", "/api/auth/register", json=ACCOUNT, headers=https)
    web.call("POST", "/api/auth/confirm", json={"email": EMAIL, "code": CODE}, headers=https)
    answer = web.call("POST", "/api/auth/login", json={"email": EMAIL, "password": PASSWORD}, headers=WEB | https)
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    assert answer.headers["Set-Cookie"].startswith("__Host-refreshToken=")
    assert "Path=/" in answer.headers["Set-Cookie"].split("; ")
    assert "Domain" not in answer.headers["Set-Cookie"]
    web.client.delete_cookie("__Host-refreshToken", path="/")
    web.client.set_cookie("refreshToken", answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0])
    assert web.call("POST", "/api/auth/refresh", headers=WEB | https).status_code == 401  # planted over plain HTTP
