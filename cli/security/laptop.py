"""What a laptop's own doors keep out: Cognito's public calls, AWS's endpoint, Redis and the supervisor."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from cli.security.cases import Case, case
from cli.security.people import Person, Target


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
        yield case(f"writing {name}", written, 400)
    page = {"Sec-Fetch-Site": "cross-site"}
    sent = httpx.get(f"{aws}/000000000000/tts?Action=PurgeQueue", headers=page, trust_env=False)
    yield case("a page purges a queue", sent, 403)


def doors(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Requests that a page of another site, or another program on this machine, could send."""
    addresses = target.state.get("addresses", {})
    page = {"Sec-Fetch-Site": "cross-site", "Referer": "http://evil.example/"}
    rebound = {"Host": "evil.example"}
    for name in ("aws", "supervisor"):
        for what, headers in (("a page", page), ("a rebound name", rebound)):
            answer = httpx.get(addresses[name], headers=headers, trust_env=False)
            yield case(f"{what} at {name}", answer, 403)
    queue = f"{addresses['aws']}/000000000000/tts?Action=PurgeQueue"
    yield case("a page purges a queue", httpx.get(queue, headers=page, trust_env=False), 403)
    yield case("an object without a signature", httpx.get(f"{addresses['aws']}/{target.state['aws']['bucket']}/x"), 403)
    yield case("supervisor without a password", httpx.get(addresses["supervisor"], trust_env=False), 401)
    at = urlsplit(addresses["redis"])
    with socket.create_connection((at.hostname, at.port), 5) as redis:
        redis.sendall(b"KEYS *\r\n")
        said = redis.recv(200).decode(errors="replace").strip()
    yield "Redis without a password", said.startswith("-NOAUTH"), said[:40]
