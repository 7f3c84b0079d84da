"""Everything that is wrong in itself is refused in one form, with its code, and with the names of its fields."""

from uuid import uuid4

import pytest

from tests.flows.cases import Case, check_refusal, refused
from tests.flows.people import PASSWORD, Person
from tests.flows.platform import Platform

NOBODY = "00000000-0000-4000-8000-000000000000"
NEW = {"email": "new@example.com", "password": PASSWORD, "name": "New", "role": "student"}
ROOM = {"name": "Coffee", "level": "beginner"}
LONG = "x" * 101
REGISTER = "POST /api/auth/register"
LOGIN = "POST /api/auth/login"
ROOMS = "POST /rooms"
MESSAGES = "GET /rooms/{room}/messages"
UPLOADS = "POST /rooms/{room}/uploads"
IMAGE = {"messageType": "IMAGE", "contentType": "image/png", "size": 10}

WITHOUT_TOKEN = [
    refused(REGISTER, 400, {}, "email", "password", "name", "role"),
    refused(REGISTER, 400, NEW | {"nickname": "N"}, "nickname"),
    refused(REGISTER, 400, NEW | {"email": "no address"}, "email"),
    refused(REGISTER, 400, NEW | {"email": f"{'x' * 250}@example.com"}, "email"),
    refused(REGISTER, 400, NEW | {"email": None}, "email"),
    refused(REGISTER, 400, NEW | {"role": "operator"}, "role"),
    refused(REGISTER, 400, NEW | {"name": " "}, "name"),
    refused(REGISTER, 400, NEW | {"name": LONG}, "name"),
    refused(REGISTER, 400, NEW | {"language": "fr"}, "language"),
    *(
        refused(REGISTER, 400, NEW | {"password": password})
        for password in ("Sh0rt-x", "nodigits-Here", "no-upper-1", "NO-LOWER-1", "NoSymbol1")
    ),
    refused(REGISTER, 400, raw=b"{", why="half JSON"),
    refused(REGISTER, 400, raw=b"[]", why="a list"),
    refused(REGISTER, 400, raw=b'"text"', why="text"),
    refused(REGISTER, 400, raw=b"null", why="null"),
    refused(REGISTER, 400, raw=b"\xff\xfe", why="no UTF-8"),
    refused(REGISTER, 400, raw=b'{"email": "\\ud800@example.com"}', why="half a surrogate pair"),
    refused(REGISTER, 400, raw=b"[" * 5000, why="too deep"),
    refused(REGISTER, 415, raw=b"email=x", headers={"Content-Type": "text/plain"}),
    refused(REGISTER, 413, raw=b'{"name": "' + b"x" * 2_000_000 + b'"}', why="2 MB"),
    refused("POST /api/auth/confirm", 400, {"email": NEW["email"]}, "code"),
    refused("POST /api/auth/confirm", 400, {"email": "nobody@example.com", "code": "123456"}),
    refused(LOGIN, 400, {"email": NEW["email"]}, "password"),
    refused(LOGIN, 401, {"email": "nobody@example.com", "password": PASSWORD}),
    refused("POST /api/auth/refresh", 400, {}, "refreshToken"),
    refused("POST /api/auth/refresh", 401, {"refreshToken": "no such token"}),
    refused("POST /api/auth/resend", 400, {"email": 5}, "email"),
    refused("POST /api/auth/forgot", 400, {"email": ["a@example.com"]}, "email"),
    refused("POST /api/auth/reset", 400, {"email": NEW["email"]}, "code", "newPassword"),
    refused("POST /api/auth/reset", 400, {"email": "nobody@example.com", "code": "1", "newPassword": PASSWORD}),
    refused("POST /api/auth/reset", 400, {"email": "nobody@example.com", "code": "1", "newPassword": "weak"}),
    refused("GET /api/auth/login", 405),
    refused("DELETE /healthz", 405),
    refused("GET /no/such/page", 404),
    refused("GET /ws", 426),
    refused("GET /rooms", 401),
    refused("POST /rooms", 401, ROOM),
    refused("POST /rooms", 401, raw=b"{", why="bad JSON and no token"),
    refused("GET /api/me", 401),
    refused("POST /api/auth/logout", 401, {"refreshToken": "x"}),
    refused(f"GET /rooms/{NOBODY}", 401),
]

WITH_TOKEN = [
    refused(ROOMS, 400, {}, "name", "level"),
    refused(ROOMS, 400, ROOM | {"colour": "red", "size": 1}, "colour", "size"),
    refused(ROOMS, 400, ROOM | {"max_members": 6}, "max_members"),
    refused(ROOMS, 400, ROOM | {"name": ""}, "name"),
    refused(ROOMS, 400, ROOM | {"name": LONG}, "name"),
    refused(ROOMS, 400, ROOM | {"name": 5}, "name"),
    refused(ROOMS, 400, ROOM | {"description": "x" * 501}, "description"),
    refused(ROOMS, 400, ROOM | {"level": "expert"}, "level"),
    refused(ROOMS, 400, ROOM | {"level": 3}, "level"),
    refused(ROOMS, 400, ROOM | {"maxMembers": 1}, "maxMembers"),
    refused(ROOMS, 400, ROOM | {"maxMembers": 101}, "maxMembers"),
    refused(ROOMS, 400, ROOM | {"maxMembers": "many"}, "maxMembers"),
    refused(ROOMS, 400, ROOM | {"isPrivate": True}),
    refused(ROOMS, 400, ROOM | {"isPrivate": "perhaps"}, "isPrivate"),
    refused(ROOMS, 400, raw=b'{"name": "half'),
    refused(ROOMS, 415, raw=b"<room/>", headers={"Content-Type": "application/xml"}),
    refused(ROOMS, 413, raw=b'{"name": "' + b"x" * 2_000_000 + b'"}', why="2 MB"),
    refused(ROOMS, 403, ROOM | {"createdBy": NOBODY}),
    refused(ROOMS, 403, ROOM | {"userId": NOBODY}),
    refused("GET /rooms?limit=0", 400, None, "limit"),
    refused("GET /rooms?limit=21", 400, None, "limit"),
    refused("GET /rooms?limit=ten", 400, None, "limit"),
    refused("GET /rooms?level=expert", 400, None, "level"),
    refused("GET /rooms?joined=perhaps", 400, None, "joined"),
    refused("GET /rooms?colour=red", 400, None, "colour"),
    refused("GET /rooms?cursor=damaged", 400),
    refused(f"GET /rooms?userId={NOBODY}", 403),
    refused("PUT /rooms", 405),
    refused(f"GET /rooms/{NOBODY}", 404),
    refused("GET /rooms/not-an-id", 404),
    refused(f"GET /rooms/{'x' * 3000}", 404, why="GET /rooms/{3,000 letters}"),
    refused("GET /rooms/%00", 404),
    refused("GET /rooms/%F0%9F%92%A9", 404),
    refused(f"DELETE /rooms/{NOBODY}", 404),
    refused(f"POST /rooms/{NOBODY}/join", 404),
    refused(f"POST /rooms/{NOBODY}/leave", 404),
    refused(f"GET /rooms/{NOBODY}/messages", 404),
    refused(f"POST /rooms/{NOBODY}/uploads", 404, IMAGE),
    refused("POST /rooms/{room}/join", 400, {"passwort": "x"}, "passwort"),
    refused("POST /rooms/{room}/join", 403, {"userId": NOBODY}),
    refused("POST /rooms/{room}/leave", 400, {"why": "x"}, "why"),
    refused(f"{MESSAGES}?limit=0", 400, None, "limit"),
    refused(f"{MESSAGES}?limit=101", 400, None, "limit"),
    refused(f"{MESSAGES}?cursor=damaged.cursor", 400),
    refused(f"{MESSAGES}?before=2026", 400, None, "before"),
    refused(UPLOADS, 400, {}, "messageType", "contentType", "size"),
    refused(UPLOADS, 400, IMAGE | {"messageType": "TEXT"}, "messageType"),
    refused(UPLOADS, 400, IMAGE | {"size": 0}, "size"),
    refused(UPLOADS, 400, IMAGE | {"name": "cat.png"}, "name"),
    refused(UPLOADS, 413, IMAGE | {"size": 10 * 1024 * 1024 + 1}),
    refused(UPLOADS, 415, IMAGE | {"contentType": "image/svg+xml"}),
    refused(UPLOADS, 415, IMAGE | {"contentType": "audio/mpeg"}),
    refused(UPLOADS, 415, IMAGE | {"messageType": "VOICE"}),
    refused("PATCH /api/me", 400, {"email": "other@example.com"}, "email"),
    refused("PATCH /api/me", 400, {"role": "tutor"}, "role"),
    refused("PATCH /api/me", 400, {"name": None}, "name"),
    refused("PATCH /api/me", 400, {"name": ""}, "name"),
    refused("PATCH /api/me", 400, {"timeZone": "Mars/Olympus"}, "timeZone"),
    refused("PATCH /api/me", 400, {"level": "expert"}, "level"),
    refused("PATCH /api/me", 400, {"isAccepting": False}, "isAccepting"),
    refused("PATCH /api/me", 400, {"maxStudents": 5}, "maxStudents"),
    refused("PATCH /api/me", 400, {"profileImageKey": f"profile-images/{NOBODY}/x.png"}, "profileImageKey"),
    refused("PATCH /api/me", 403, {"userId": NOBODY}),
    refused("POST /api/me/profile-image", 400, {}, "contentType", "size"),
    refused("POST /api/me/profile-image", 415, {"contentType": "audio/mpeg", "size": 1}),
    refused("POST /api/me/profile-image", 413, {"contentType": "image/png", "size": 99_999_999}),
    refused("POST /api/auth/logout", 400, {}, "refreshToken"),
    refused("POST /rooms/{room}/join", 400, {}, headers={"Idempotency-Key": "x" * 256}, why="long Idempotency-Key"),
]


@pytest.mark.parametrize("case", WITHOUT_TOKEN, ids=str)
def test_without_a_token(case: Case, ann: Person) -> None:
    method, _, path = case.request.partition(" ")
    check_refusal(ann.http.request(method, path, **case.options()), case.status, case.names)


@pytest.mark.parametrize("case", WITH_TOKEN, ids=str)
def test_with_a_token(case: Case, ann: Person, platform_room: str) -> None:
    method, _, path = case.request.replace("{room}", platform_room).partition(" ")
    check_refusal(ann.ask(method, path, **case.options()), case.status, case.names)


FOREIGN = [
    ("GET", "/rooms/{room}/messages", None),
    ("POST", "/rooms/{room}/uploads", IMAGE),
    ("POST", "/rooms/{room}/leave", None),
    ("DELETE", "/rooms/{room}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), FOREIGN)
def test_what_is_for_members_or_the_owner_only(
    method: str, path: str, body: object, ben: Person, platform_room: str
) -> None:
    check_refusal(ben.ask(method, path.format(room=platform_room), json=body), 403)


def test_tokens_that_are_none(ann: Person, platform: Platform) -> None:
    access, identity = ann.tokens["accessToken"], ann.tokens["idToken"]
    head, payload, signature = access.split(".")
    forged = {
        "an id token": identity,
        "a refresh token": ann.tokens["refreshToken"],
        "another signature": f"{head}.{payload}.{signature[::-1]}",
        "no signature": f"{head}.{payload}.",
        "another payload": f"{head}.{identity.split('.')[1]}.{signature}",
        "no token": str(uuid4()),
        "not ASCII": "토큰".encode().decode("latin-1"),
    }
    for what, token in forged.items():
        answer = ann.http.get("/api/me", headers={b"Authorization": f"Bearer {token}".encode("latin-1")})
        assert answer.status_code == 401, what
        check_refusal(answer, 401)
    for header in ("", "Bearer", f"Basic {access}", access):
        check_refusal(ann.http.get("/api/me", headers={"Authorization": header}), 401)
    assert ann.http.get("/api/me", headers={"Authorization": f"bearer {access}"}).status_code == 200
