"""People who sign up, sign in and talk: everything over the wire, as their programs would do it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.flows.channel import Channel
from tests.flows.platform import Platform, wait_for

PASSWORD = "Practice-2024!"
AT_ONCE = 8


@dataclass
class Person:
    """Somebody who is signed in."""

    platform: Platform
    http: httpx.Client
    email: str
    name: str
    user_id: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a request with the access token."""
        headers = {"Authorization": f"Bearer {self.tokens['accessToken']}"} | options.pop("headers", {})
        return self.http.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> dict[str, Any]:
        """Return the fields of a successful answer, what is in `data` where there is one."""
        return fields(self.ask("GET", path, **options))

    def post(self, path: str, body: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """Return the fields of a successful answer, what is in `data` where there is one."""
        return fields(self.ask("POST", path, json=body or {}, **options))

    def sign_in(self) -> dict[str, Any]:
        """Sign in anew, and use that sign-in from now on."""
        answer = self.http.post("/api/auth/login", json={"email": self.email, "password": PASSWORD})
        self.tokens = fields(answer)
        self.user_id = self.tokens["user"]["userId"]
        return self.tokens

    def again(self) -> "Person":
        """Return the same person by a sign-in of its own."""
        other = Person(self.platform, self.http, self.email, self.name)
        other.sign_in()
        return other

    def room(self, **fields_: Any) -> str:
        """Make a room and return its id."""
        asked = {"name": "Coffee", "level": "beginner", "maxMembers": 100} | fields_
        return str(self.post("/rooms", asked)["roomId"])

    def ticket(self, room_id: str, **body: Any) -> str:
        """Join a room and return the token for its WebSocket."""
        return str(self.post(f"/rooms/{room_id}/join", body)["roomToken"])

    def enter(self, room_id: str, **options: Any) -> Channel:
        """Join a room and open its WebSocket."""
        return Channel(f"{self.platform.socket}?roomToken={self.ticket(room_id)}", **options)

    def channel(self, **options: Any) -> Channel:
        """Open the person's own channel."""
        return Channel(f"{self.platform.socket}?token={self.tokens['accessToken']}", **options)


class People:
    """Signs people up, and keeps them: whoever needs nobody in particular takes those who are there."""

    def __init__(self, platform: Platform, http: httpx.Client) -> None:
        self._platform = platform
        self._http = http
        self._numbers = count(1)
        self._known: list[Person] = []

    def some(self, number: int) -> Sequence[Person]:
        """Return so many students, always the same ones first."""
        missing = number - len(self._known)
        if missing > 0:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                self._known += pool.map(lambda _: self.fresh(), range(missing))
        return self._known[:number]

    def fresh(self, role: str = "student", **more: Any) -> Person:
        """Return somebody whom no other test has."""
        person = self.registered(role, **more)
        confirmed = self._http.post("/api/auth/confirm", json={"email": person.email, "code": self.code(person)})
        assert confirmed.status_code == 200, confirmed.text
        person.sign_in()
        return person

    def registered(self, role: str = "student", **more: Any) -> Person:
        """Return somebody who has signed up and not confirmed."""
        person = Person(self._platform, self._http, f"{uuid4().hex[:12]}@example.com", f"Student {next(self._numbers)}")
        asked = {"email": person.email, "password": PASSWORD, "name": person.name, "role": role} | more
        answer = self._http.post("/api/auth/register", json=asked)
        assert answer.status_code == 201, answer.text
        return person

    def code(self, person: Person, after: int = 0) -> str:
        """Return the latest code that went out to somebody, once more than `after` have."""
        sent = wait_for(lambda: self._platform.codes(person.email)[after:], "a code goes out")
        return sent[-1]


def fields(answer: httpx.Response) -> dict[str, Any]:
    """Return what a successful answer says."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    said: dict[str, Any] = answer.json()
    assert said["success"] is True
    return said["data"] if said.get("data") is not None else said
