"""People of the attacks: they sign up like anybody, and their codes are read in the laptop's log."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

import click
import httpx

PASSWORD = "Str0ng!attack1"
CODE_SECONDS = 15.0


class Target:
    """The platform that is attacked: its address, its log, and what it says of itself."""

    def __init__(self, address: str, log: Path, state: dict[str, Any]) -> None:
        """Call nothing yet; connections go to loopback only."""
        self.state = state
        self.socket = f"{address.replace('http', 'ws', 1)}/ws"
        self.directory, self._log = log.parent, log
        self.http = httpx.Client(base_url=address, timeout=180, trust_env=False)

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
        """Make one call; where the answer is to wait, wait and try again, ten times at most."""
        headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        for _ in range(10):
            answer = self.http.request(method, path, headers=headers, **options)
            if answer.status_code != 429 or options.get("json", {}) is None:
                return answer
            time.sleep(min(float(answer.headers.get("Retry-After", 1)), 3))
        return answer

    def code(self, email: str) -> str:
        """Return the newest code that was sent to an address."""
        until = time.monotonic() + CODE_SECONDS
        while time.monotonic() < until:
            lines = [line for line in self._log.read_text("utf-8", "replace").splitlines() if email in line]
            codes = [json.loads(line)["code"] for line in lines if '"verification_code"' in line]
            if codes:
                return str(codes[-1])
            time.sleep(0.1)
        raise click.ClickException(f"No code for {email} in {self._log}: attack a platform that runs on this laptop.")

    def person(self, role: str = "student", email: str | None = None, name: str = "Somebody") -> "Person":
        """Return somebody new, signed in."""
        email = email or f"{role}-{secrets.token_hex(6)}@example.com"
        account = {"email": email, "password": PASSWORD, "name": name, "role": role}
        self.call("POST", "/api/auth/register", json=account).raise_for_status()
        self.call("POST", "/api/auth/confirm", json={"email": email, "code": self.code(email)}).raise_for_status()
        return Person(self, email)

    def pair(self) -> tuple["Person", "Person"]:
        """Return a new student and the new tutor who teaches them."""
        student, tutor = self.person(), self.person("tutor")
        asked = student.call("POST", f"/api/tutors/{tutor.email}/request", json={}).raise_for_status()
        tutor.call("POST", f"/api/tutors/requests/{asked.json()['requestId']}/approve").raise_for_status()
        return student, tutor


class Person:
    """A signed-in person."""

    def __init__(self, target: Target, email: str, password: str = PASSWORD) -> None:
        """Sign in."""
        self.target, self.email = target, email
        answer = target.call("POST", "/api/auth/login", json={"email": email, "password": password})
        answer.raise_for_status()
        said = answer.json()
        self.token, self.refresh_token, self.id_token = said["accessToken"], said["refreshToken"], said["idToken"]
        self.user_id = said["user"]["userId"]

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make one call as this person."""
        return self.target.call(method, path, self.token, **options)

    def once(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make one call as this person, and take a refusal for the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.target.http.request(method, path, headers=headers, **options)

    def room(self, **fields: Any) -> str:
        """Make a room and return its id."""
        asked = {"name": "mine", "level": "beginner"} | fields
        return str(self.call("POST", "/rooms", json=asked).raise_for_status().json()["data"]["roomId"])

    def ticket(self, room_id: str, **fields: Any) -> str:
        """Join a room and return the ticket for its WebSocket."""
        joined = self.call("POST", f"/rooms/{room_id}/join", json=fields).raise_for_status()
        return str(joined.json()["data"]["roomToken"])
