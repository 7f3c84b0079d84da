"""Secrets and people's words stay where they belong: each is a canary, and looked for wherever it must not be."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.flows.people import PASSWORD, People, Person
from tests.flows.platform import ROOT, Platform, wait_for

QUEUE = "tts"


def canary() -> str:
    return f"canary{secrets.token_hex(8)}"


class Planted:
    """Somebody whose every word, name and secret is a canary."""

    def __init__(self, platform: Platform, people: People) -> None:
        self.platform = platform
        kinds = "said password room_password asked spoken partner told name"
        self.words = {kind: canary() for kind in kinds.split()}
        self.person = people.fresh(name=f"Ann {self.words['name']}")
        self.tutor = people.fresh("tutor")
        self.secrets = {
            "password": PASSWORD,
            "access token": self.person.tokens["accessToken"],
            "refresh token": self.person.tokens["refreshToken"],
            "id token": self.person.tokens["idToken"],
        }

    def speak(self) -> None:
        words, person = self.words, self.person
        room = person.room(name="R", isPrivate=True, password=words["room_password"])
        ticket = person.ticket(room)
        self.secrets["room token"] = ticket
        with person.enter(room) as socket:
            socket.say(room, words["said"], requestId="r1")
            socket.until(action="messageAck")
        request = person.post(f"/api/tutors/{self.tutor.email}/request", {"message": words["asked"]})
        self.tutor.post(f"/api/tutors/requests/{request['requestId']}/approve")
        told = {"studentEmail": person.email, "message": words["told"], "messageType": "text"}
        self.tutor.post("/api/tutor/feedback", told)
        with person.channel() as channel:
            channel.send("sendMessage", requestId="p1", message=f"I like {words['partner']}.")
            channel.until(action="messageResponse")
        person.ask("POST", "/api/auth/login", json={"email": person.email, "password": words["password"]})

    def found_in(self, text: str) -> list[str]:
        wanted = self.words | self.secrets
        return [kind for kind, one in wanted.items() if one in text]


@pytest.fixture(scope="module")
def planted(platform: Platform, people: People) -> Planted:
    found = Planted(platform, people)
    found.speak()
    return found


@pytest.fixture(scope="module")
def operator(platform: Platform, platform_http: httpx.Client) -> Person:
    account = next(one for one in platform.state["accounts"] if "operators" in one["groups"])
    person = Person(platform, platform_http, account["email"], account["name"])
    answer = platform_http.post("/api/auth/login", json={"email": account["email"], "password": account["password"]})
    person.tokens = answer.json()
    return person


def test_no_log_has_words_or_secrets(planted: Planted, platform: Platform) -> None:
    for name, text in logged(platform):
        assert planted.found_in(text) == [], name


def test_no_metric_has_words_secrets_or_people(planted: Planted, platform: Platform) -> None:
    for program, address in platform.state["metrics"].items():
        text = httpx.get(address, timeout=30, trust_env=False).text
        assert planted.found_in(text) == [], program
        assert planted.person.user_id not in text, program
        assert planted.person.email not in text, program


def test_no_attribute_or_header_of_a_message_has_words(planted: Planted, platform: Platform) -> None:
    word = canary()
    with paused(platform):
        planted.person.post("/api/tts", {"text": f"Say {word}."})
        message = wait_for(lambda: waiting(platform), "the job waits")
    outside = {name: value for name, value in message.items() if name != "Body"}
    assert word not in repr(outside)
    body = json.loads(message["Body"])
    assert word in json.dumps(body)
    assert word not in json.dumps({name: body[name] for name in body if name != "body"})
    assert planted.person.email not in message["Body"]


def test_what_operators_see_of_a_dead_letter_has_no_words(
    planted: Planted, platform: Platform, operator: Person
) -> None:
    word = canary()
    with paused(platform):
        planted.person.post("/api/tts", {"text": f"Say {word}."})
        message = wait_for(lambda: waiting(platform), "the job waits")
        send_broken(platform, message["Body"], word)
    letter = wait_for(lambda: dead(operator), "its letter is written")
    shown = operator.ask("GET", f"/api/operations/dead-letters/{letter['id']}").text
    listed = operator.ask("GET", "/api/operations/dead-letters", params={"limit": 100}).text
    assert word not in shown
    assert word not in listed
    assert [name for name, text in logged(platform) if word in text] == []
    discarded = operator.ask("POST", f"/api/operations/dead-letters/{letter['id']}/discard", json={"reason": "seen"})
    assert discarded.status_code == 200, discarded.text


def test_refusals_repeat_nothing_that_was_sent(planted: Planted) -> None:
    word, person = canary(), planted.person
    bodies: list[tuple[str, str, Any]] = [
        ("POST", "/api/tts", {"text": "x", "voice": word}),
        ("POST", "/api/tts", {"text": "x", word: 1}),
        ("POST", "/rooms", {"name": word * 20, "level": word}),
        ("PATCH", "/api/me", {"timeZone": word}),
        ("POST", "/api/auth/login", {"email": f"{word}@example.com", "password": word}),
        ("POST", "/api/auth/reset", {"email": f"{word}@example.com", "code": word, "newPassword": f"A1!{word}"}),
        ("POST", "/api/ai/chat/message", {"conversationId": word, "userMessage": 5}),
    ]
    for method, path, body in bodies:
        answer = person.ask(method, path, json=body)
        values = [value for name, value in body.items() if name != word]
        said = answer.text if word not in body else answer.text.replace(word, "", 1)  # an unknown field is named
        assert answer.status_code >= 400, (path, answer.status_code)
        assert word not in said, (path, values)


def logged(platform: Platform) -> Iterator[tuple[str, str]]:
    """Give every log's text, but for what a laptop writes there in place of mails: codes, and notices with names."""
    for path in platform.directory.glob("*.log*"):
        lines = path.read_text("utf-8", errors="replace").splitlines()
        mails = ('"verification_code"', '"event": "mail"')
        yield path.name, "\n".join(line for line in lines if not any(mail in line for mail in mails))


class paused:  # noqa: N801 - read as a verb
    """While it lasts, no worker receives from the queue."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __enter__(self) -> None:
        self._control("pause")

    def __exit__(self, *_raised: object) -> None:
        self._control("resume")

    def _control(self, action: str) -> None:
        environment = os.environ | {"RUN_DIRECTORY": str(self._platform.directory)}
        command = [sys.executable, "-m", "cli", "queues", action, QUEUE]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


def waiting(platform: Platform) -> dict[str, Any] | None:
    url = platform.state["aws"]["queues"][QUEUE]
    answer = platform.sqs.receive_message(
        QueueUrl=url,
        VisibilityTimeout=0,
        WaitTimeSeconds=1,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["All"],
    )
    found: Iterator[dict[str, Any]] = iter(answer.get("Messages", []))
    return next(found, None)


def send_broken(platform: Platform, body: str, word: str) -> None:
    """Send the job once more, without its user: no worker can read it."""
    envelope = json.loads(body)
    broken = body.replace('"userId"', '"nobody"').replace('\\"userId\\"', '\\"nobody\\"')
    identity = envelope["headers"]["id"]
    broken = broken.replace(identity, f"broken-{word[-8:]}")
    platform.sqs.send_message(QueueUrl=platform.state["aws"]["queues"][QUEUE], MessageBody=broken)


def dead(operator: Person) -> dict[str, Any] | None:
    page = operator.get("/api/operations/dead-letters", params={"queue": QUEUE, "limit": 100})
    found = [one for one in page["deadLetters"] if str(one["id"]).startswith("broken-")]
    return found[0] if found else None
