"""The families of attacks: each gives its cases, and tells of each what was seen and whether it was refused."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt

from cli.security.people import PASSWORD, Person, Target

Case = tuple[str, bool, str]
"""What was tried, whether it was refused, and what was seen."""
Family = Callable[[Target, Person, Person], Iterator[Case]]
"""Attacks on a platform by a student and a tutor, strangers to each other."""

ROLES = Path("docs/roles.json")
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
_ODD: tuple[Any, ...] = (
    "", " ", "\u0000", "\u202e\u200b", "x" * 5000, "*)(uid=*", "' OR 1=1 --", "#PK", "{{7*7}}", "../../etc/passwd",
    -1, 0, 10**30, 1e308, True, None, [], [[]], {}, {"$ne": 1}, "\ud7ff", "\r\nSet-Cookie: a=b", "EVAL 'return 1' 0",
)  # fmt: skip


def _case(what: str, answer: httpx.Response, *wanted: int) -> Case:
    return what, answer.status_code in wanted, str(answer.status_code)


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
        yield _case(what, target.call("GET", "/api/me", token), 401)
        yield _case(f"{what}, as a ticket", target.http.get("/ws", params={"token": token}, headers=HANDSHAKE), 401)


def roles(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Every route, called in every role that docs/roles.json does not allow."""
    for route, allowed in json.loads(ROLES.read_text("utf-8"))["routes"].items():
        method, _, path = route.partition(" ")
        path = path.replace("<path:", "<")
        while "<" in path:
            path = f"{path[: path.index('<')]}nothing{path[path.index('>') + 1 :]}"
        if "anybody" in allowed:
            continue
        yield _case(f"nobody: {route}", target.call(method, path), 401)
        for who, role in ((student, "student"), (tutor, "tutor")):
            if role not in allowed:
                yield _case(f"{role}: {route}", who.call(method, path), 403)


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
        yield _case(f"{method} {path.rpartition('/')[0]}", tutor.call(method, path), wanted)
    told = {"studentEmail": student.email, "message": "x", "messageType": "text"}
    yield _case("feedback to a stranger", tutor.call("POST", "/api/tutor/feedback", json=told), 403)
    yield _case("a stranger's history", tutor.call("GET", f"/api/feedback?with={student.email}"), 403)
    ending = student.call("GET", "/api/me/sign-ins").json()["signIns"][0]["id"]
    yield _case("another's sign-in", tutor.call("DELETE", f"/api/me/sign-ins/{ending}"), 404)


def tickets_and_pages(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Room tickets that are used, left behind or made up, and pages of other sites."""
    room = student.call("POST", "/rooms", json={"name": "mine", "level": "beginner"}).json()["data"]["roomId"]
    left = tutor.call("POST", f"/rooms/{room}/join", json={}).json()["data"]["roomToken"]
    tutor.call("POST", f"/rooms/{room}/leave")
    for what, ticket in (("left behind", left), ("made up", "0" * 36), ("too long", "x" * 5000), ("none", "")):
        yield _case(f"ticket {what}", target.http.get("/ws", params={"roomToken": ticket}, headers=HANDSHAKE), 401)
    foreign = HANDSHAKE | {"Origin": "https://evil.example"}
    yield _case("foreign page", target.http.get("/ws", params={"token": student.token}, headers=foreign), 403)
    answer = target.call("GET", "/api/me", student.token, headers={"Origin": "https://evil.example"})
    seen = answer.headers.get("Access-Control-Allow-Origin", "no CORS")
    yield "foreign page reads", seen == "no CORS", seen
    cookie = {"Cookie": f"refreshToken={student.refresh_token}", "Origin": "https://evil.example"}
    yield _case("foreign page refreshes", target.call("POST", "/api/auth/refresh", headers=cookie), 400)


def odd_input(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Odd values in every field of every documented body, and odd names in every path: never an error of ours."""
    document = target.call("GET", "/openapi.json").json()
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/auth/logout") or (method == "delete" and path == "/api/me"):
                continue
            worst = max(_statuses(tutor, method.upper(), path, operation, schemas), default=0)
            yield f"{method.upper()} {path}", worst < 500, str(worst)


def _statuses(who: Person, method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[int]:
    place = path
    while "{" in place:
        place = f"{place[: place.index('{')]}a%23b{place[place.index('}') + 1 :]}"
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    names = list(schemas.get(content.get("$ref", "").rpartition("/")[2], {}).get("properties", {}))
    bodies = [{name: _ODD[(number + shift) % len(_ODD)] for number, name in enumerate(names)} for shift in (0, 7, 13)]
    for body in [{}, {"a": {"b": [[[{}]]]}}, *bodies]:
        headers = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}
        # The status is all that counts: an event stream's body never ends.
        with who.target.http.stream(method, place, content=json.dumps(body), headers=headers) as answer:
            yield answer.status_code


def deceiving_text(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Names and addresses that are not what they look like."""
    for name in ("\u202eevil", "\u200b", "\u3164", "P\u0430ul", "a\u001b[2Jb", "a\nb", "\ufeffx", "\u2066x\u2069"):
        yield _case(f"name {name!r}", student.call("PATCH", "/api/me", json={"name": name}), 400)
    account = {"password": PASSWORD, "name": "Somebody", "role": "student"}
    for email in (
        "m\u0456n@example.com",
        "a\u200b@example.com",
        "a@exa mple.com",
        "a@\u0435xample.com",
        "a\u0000@b.co",
    ):
        yield _case(
            f"e-mail {email!r}", target.call("POST", "/api/auth/register", json=account | {"email": email}), 400
        )


def identity(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Being somebody else by Cognito's own public calls; on a laptop only, where its endpoint is known."""
    aws = target.state.get("addresses", {}).get("aws")
    if aws is None:
        return
    thief = target.person()

    def cognito(action: str, **body: Any) -> httpx.Response:
        name = f"AWSCognitoIdentityProviderService.{action}"
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": name}
        return httpx.post(aws, content=json.dumps(body), headers=headers, trust_env=False)

    given = [{"Name": "email", "Value": student.email}]
    cognito("UpdateUserAttributes", AccessToken=thief.token, UserAttributes=given)
    shown = thief.call("GET", "/api/me").json()["email"]
    yield "another's e-mail", shown == thief.email, shown
    for name, value in (("custom:role", "tutor"), ("email_verified", "true"), ("sub", student.user_id)):
        written = cognito(
            "UpdateUserAttributes", AccessToken=thief.token, UserAttributes=[{"Name": name, "Value": value}]
        )
        yield _case(f"writing {name}", written, 400)
    page = {"Sec-Fetch-Site": "cross-site"}
    sent = httpx.get(f"{aws}/000000000000/tts?Action=PurgeQueue", headers=page, trust_env=False)
    yield _case("a page purges a queue", sent, 403)


def what_has_ended(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Tokens of sign-ins that were ended by a change of password, by hand, and by guessing without end."""
    owner = target.person()
    thief = Person(target, owner.email)
    owner.call("POST", "/api/auth/password", json={"oldPassword": PASSWORD, "newPassword": "An0ther!one"})
    yield _case("after a change: access", target.call("GET", "/api/me", thief.token), 401)
    refreshed = target.call("POST", "/api/auth/refresh", json={"refreshToken": thief.refresh_token})
    yield _case("after a change: refresh", refreshed, 401)
    yield _case(
        "after a change: channel", target.http.get("/ws", params={"token": thief.token}, headers=HANDSHAKE), 401
    )
    yield "the owner's own", owner.call("GET", "/api/me").status_code == 200, "200 for the owner"
    wrong = {"email": target.person().email, "password": "Wr0ng!password"}
    codes = [
        target.http.post("/api/auth/login", json=wrong, headers={"X-Device-Id": "b" * 32}).status_code
        for _ in range(12)
    ]
    yield "guessing on", codes[-1] == 429, str(sorted(set(codes)))


FAMILIES: dict[str, Family] = {
    "forged tokens": forged_tokens,
    "roles": roles,
    "what is another's": what_is_anothers,
    "tickets and pages": tickets_and_pages,
    "odd input": odd_input,
    "deceiving text": deceiving_text,
    "identity": identity,
    "what has ended": what_has_ended,
}
