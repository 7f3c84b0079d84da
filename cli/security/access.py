"""Who may do what: tokens, roles, frames, other people's things, tickets and pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
from websockets.sync.client import ClientConnection, connect

from cli.security.cases import HANDSHAKE, Case, case
from cli.security.people import PASSWORD, Person, Target

ROLES = Path("docs/roles.json")
_PATIENCE = 10.0


def forged_tokens(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Tokens that were not given, or for another use."""
    claims = jwt.decode(student.token, options={"verify_signature": False})
    header = jwt.get_unverified_header(student.token)
    head, body, signature = student.token.split(".")
    operator = claims | {"cognito:groups": ["operators"]}
    forged = {
        "alg none": jwt.encode(operator, "", algorithm="none"),
        "HS256": jwt.encode(operator, "x" * 40, algorithm="HS256", headers={"kid": header["kid"]}),
        "unknown key": jwt.encode(claims, "x" * 40, algorithm="HS256", headers={"kid": "../../dev/null"}),
        "another body": f"{head}.{jwt.encode(operator, 'x' * 40).split('.')[1]}.{signature}",
        "no signature": f"{head}.{body}.",
        "id token": student.id_token,
        "refresh token": student.refresh_token,
        "words": "bearer",
    }
    for what, token in forged.items():
        yield case(what, target.call("GET", "/api/me", token), 401)
        yield case(f"{what}, as a ticket", target.http.get("/ws", params={"token": token}, headers=HANDSHAKE), 401)


def roles(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Every route, called in every role that docs/roles.json does not allow."""
    for route, allowed in json.loads(ROLES.read_text("utf-8"))["routes"].items():
        method, _, path = route.partition(" ")
        path = path.replace("<path:", "<")
        while "<" in path:
            path = f"{path[: path.index('<')]}nothing{path[path.index('>') + 1 :]}"
        if "anybody" in allowed:
            continue
        yield case(f"nobody: {route}", target.call(method, path), 401)
        for who, role in ((student, "student"), (tutor, "tutor")):
            if role not in allowed:
                yield case(f"{role}: {route}", who.call(method, path), 403)


def frames(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Every frame on every kind of connection that does not take it, and frames that are none."""
    table = json.loads(ROLES.read_text("utf-8"))["frames"]
    room = student.room()
    addresses = {
        "room": f"{target.socket}?roomToken={student.ticket(room)}",
        "user": f"{target.socket}?token={student.token}",
    }
    known = {action for actions in table.values() for action in actions}
    for kind, address in addresses.items():
        with connect(address, proxy=None, open_timeout=_PATIENCE) as socket:
            socket.recv(timeout=_PATIENCE)
            for action in [*sorted(known - set(table[kind])), "", "__class__", "admin", "close"]:
                socket.send(json.dumps({"action": action, "requestId": f"q-{action}"}))
                yield f"{action!r} on a {kind} connection", *_refused(socket)
            for odd in ("[]", "null", "5", '"text"', "{", '{"action":5}', '{"action":"ping","more":1}'):
                socket.send(odd)
                yield f"{odd} on a {kind} connection", *_refused(socket)


def _refused(socket: ClientConnection) -> tuple[bool, str]:
    """Tell whether the next answer is a refusal; pushes, which may come at any time, are passed over."""
    said: dict[str, Any] = {}
    while "action" not in said:
        said = json.loads(socket.recv(timeout=_PATIENCE))
    return said.get("action") == "error", str(said.get("error", said.get("action")))


def what_is_anothers(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Things of somebody else, by their true names."""
    job = student.call("POST", "/api/tts", json={"text": f"Mine {student.user_id}"}).json()["jobId"]
    room = student.call("POST", "/rooms", json={"name": "mine", "level": "beginner"}).json()["data"]["roomId"]
    for method, path, wanted in (
        ("GET", f"/api/jobs/{job}", 404),
        ("DELETE", f"/api/jobs/{job}", 404),
        ("GET", f"/api/tts/status/{job}", 404),
        ("GET", f"/rooms/{room}/messages", 403),
        ("DELETE", f"/rooms/{room}", 403),
        ("POST", f"/rooms/{room}/leave", 403),
    ):
        yield case(f"{method} {path.rpartition('/')[0]}", tutor.call(method, path), wanted)
    told = {"studentEmail": student.email, "message": "x", "messageType": "text"}
    yield case("feedback to a stranger", tutor.call("POST", "/api/tutor/feedback", json=told), 403)
    yield case("a stranger's history", tutor.call("GET", f"/api/feedback?with={student.email}"), 403)
    ending = student.call("GET", "/api/me/sign-ins").json()["signIns"][0]["id"]
    yield case("another's sign-in", tutor.call("DELETE", f"/api/me/sign-ins/{ending}"), 404)


def tickets_and_pages(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Room tickets that are used, left behind or made up, and pages of other sites."""
    room = student.call("POST", "/rooms", json={"name": "mine", "level": "beginner"}).json()["data"]["roomId"]
    left = tutor.call("POST", f"/rooms/{room}/join", json={}).json()["data"]["roomToken"]
    tutor.call("POST", f"/rooms/{room}/leave")
    for what, ticket in (("left behind", left), ("made up", "0" * 36), ("too long", "x" * 5000), ("none", "")):
        yield case(f"ticket {what}", target.http.get("/ws", params={"roomToken": ticket}, headers=HANDSHAKE), 401, 414)
    foreign = HANDSHAKE | {"Origin": "https://evil.example"}
    yield case("foreign page", target.http.get("/ws", params={"token": student.token}, headers=foreign), 403)
    answer = target.call("GET", "/api/me", student.token, headers={"Origin": "https://evil.example"})
    seen = answer.headers.get("Access-Control-Allow-Origin", "no CORS")
    yield "foreign page reads", seen == "no CORS", seen
    cookie = {"Cookie": f"refreshToken={student.refresh_token}", "Origin": "https://evil.example"}
    yield case("foreign page refreshes", target.call("POST", "/api/auth/refresh", headers=cookie), 400)


def what_has_ended(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Tokens of sign-ins that were ended by a change of password, by hand, and by guessing without end."""
    owner = target.person()
    thief = Person(target, owner.email)
    owner.call("POST", "/api/auth/password", json={"oldPassword": PASSWORD, "newPassword": "An0ther!one"})
    yield case("after a change: access", target.call("GET", "/api/me", thief.token), 401)
    refreshed = target.call("POST", "/api/auth/refresh", json={"refreshToken": thief.refresh_token})
    yield case("after a change: refresh", refreshed, 401)
    yield case("after a change: channel", target.http.get("/ws", params={"token": thief.token}, headers=HANDSHAKE), 401)
    yield "the owner's own", owner.call("GET", "/api/me").status_code == 200, "200 for the owner"
    wrong = {"email": target.person().email, "password": "Wr0ng!password"}
    codes = [
        target.http.post("/api/auth/login", json=wrong, headers={"X-Device-Id": "b" * 32}).status_code
        for _ in range(12)
    ]
    yield "guessing on", 429 in codes, str(sorted(set(codes)))
