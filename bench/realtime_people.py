"""Who talks in the benchmark: users signed in at the embedded Cognito, rooms and their tokens over REST."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import get_ident, local
from typing import Any

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import DemoAccount, create_account
from shared.adapters.aws.provisioner import Provisioned
from shared.kernel.settings import Settings

PASSWORD = "Practice-2024!"
ROOMS_EACH = 100
"""Rooms that a person is in at once: as many as the setting ROOMS_PER_USER allows."""
_AT_ONCE = 8


class People:
    """Users, each of whom is in `ROOMS_EACH` rooms at most."""

    def __init__(self, settings: Settings, provisioned: Provisioned, ports: list[int], count: int) -> None:
        """Make so many users and sign them in."""
        self._ports = ports
        self._own = local()
        cognito = AwsClients(settings).cognito
        run = os.urandom(4).hex()
        self._tokens: list[str] = []
        self.user_ids: list[str] = []
        for number in range(count):
            email = f"bench-{run}-{number}@example.com"
            account = DemoAccount(email, f"Member {number}", "student", PASSWORD)
            create_account(cognito, provisioned.user_pool_id, account)
            signed_in = self._post("/api/auth/login", {"email": email, "password": PASSWORD})
            self._tokens.append(signed_in["accessToken"])
            self.user_ids.append(str(signed_in["user"]["userId"]))

    def rooms(self, count: int) -> list[str]:
        """Make so many rooms, each by somebody who sits in it."""
        groups = -(-count // ROOMS_EACH)
        makers = self._tokens[:: len(self._tokens) // groups]

        def make(number: int) -> str:
            asked = {"name": f"Room {number}", "level": "beginner", "maxMembers": 100}
            return str(self._post("/rooms", asked, makers[number // ROOMS_EACH])["roomId"])

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(make, range(count)))

    def tickets(self, rooms: list[str], members: int) -> list[tuple[str, str, str]]:
        """Return room, room token and user for each connection, the members of a room after one another."""

        def join(number: int) -> tuple[str, str, str]:
            room = rooms[number // members]
            user = number // members // ROOMS_EACH * members + number % members
            joined = self._post(f"/rooms/{room}/join", {}, self._tokens[user])
            return room, str(joined["roomToken"]), self.user_ids[user]

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(join, range(len(rooms) * members)))

    def _post(self, path: str, body: dict[str, Any], token: str | None = None) -> dict[str, Any]:
        http = getattr(self._own, "http", None)
        if http is None:
            http = self._own.http = HTTPConnection(
                "127.0.0.1", self._ports[get_ident() // 4096 % len(self._ports)], timeout=30
            )
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        http.request("POST", path, json.dumps(body), headers)
        answer = http.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status} {said}")
        found: dict[str, Any] = said.get("data") or said
        return found
