"""The gateway's HTTP shell over ports in memory; no server, no network."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.adapters.guessing import CountedGuessing, ProcessCounters
from shared.adapters.memory.accounts import (
    MemoryAccounts,
    MemoryRegistrations,
    MemoryRevocations,
    MemorySignIns,
    MemoryUploads,
)
from shared.adapters.memory.budgets import MemoryBudgets
from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.connections import MemoryConnections
from shared.adapters.memory.conversations import MemoryConversations
from shared.adapters.memory.feedback import MemoryFeedback, MemoryRecentFeedback
from shared.adapters.memory.identities import CODE, MemoryIdentities
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryJobs, SetClock
from shared.adapters.memory.ledger import MemoryLedger
from shared.adapters.memory.notifications import MemoryNotifications
from shared.adapters.memory.rooms import MemoryRooms
from shared.adapters.memory.takes import MemoryTakes
from shared.adapters.memory.turns import MemoryPace, MemoryRecordings, MemoryTurnLog, MemoryTurnRate
from shared.adapters.memory.tutoring import MemoryDirectory, MemoryLiveStudents, MemoryTutoring
from shared.adapters.system import SystemClock
from shared.kernel.settings import Settings, read_settings
from shared.wiring import GatewayContext
from tests.contracts.held import Held
from web.app import create_app
from web.documents.__main__ import FOLDER

HELD = Held(json.loads((FOLDER / "openapi.json").read_text("utf-8")))
"""What is answered here is what the document says, or the test fails."""
PASSWORD = "Str0ng!password"
NOWHERE = "redis://127.0.0.1:1/0"
"""A Redis that never answers: limits are then counted in this process."""


class MemoryGateway(GatewayContext):
    """A gateway's context, every port of which is in memory."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        identities, accounts, bus = MemoryIdentities(), MemoryAccounts(), MemoryBus()
        notifications = MemoryNotifications()
        tutoring = MemoryTutoring(notifications, accounts)
        ports: dict[str, Any] = {
            "identities": identities,
            "tokens": identities,
            "accounts": accounts,
            "revocations": MemoryRevocations(),
            "sign_ins": MemorySignIns(),
            "registrations": MemoryRegistrations(),
            "guessing": CountedGuessing(ProcessCounters()),
            "uploads": MemoryUploads(),
            "events": bus,
            "confirmations": bus,
            "event_stream": bus,
            "notifications": notifications,
            "tutoring": tutoring,
            "directory": MemoryDirectory(accounts, tutoring),
            "live_students": MemoryLiveStudents(),
            "feedback": MemoryFeedback(),
            "recent_feedback": MemoryRecentFeedback(),
            "connections": MemoryConnections(SystemClock()),
            "bus": bus,
            "jobs": MemoryJobs(),
            "ledger": MemoryLedger(),
            "rooms": MemoryRooms(),
            "job_records": MemoryJobRecords(),
            "conversations": MemoryConversations(),
            "turn_log": MemoryTurnLog(),
            "turn_rate": MemoryTurnRate(),
            "recordings": MemoryRecordings(),
            "takes": MemoryTakes(SetClock()),
            "pace": MemoryPace(),
            "budgets": MemoryBudgets(),
            "clock": SetClock(),
            "table": None,  # building a client of AWS takes longer than a test
        }
        self.__dict__.update(ports)
        self.checks: dict[str, Callable[[], object]] = {"redis": lambda: True, "dynamodb": lambda: True}
        self.said: list[str] = []

    def subscription(self, deliver: Any, reconnected: Any) -> Any:
        bus: MemoryBus = self.__dict__["bus"]
        return bus.subscription(deliver)

    @property
    def readiness(self) -> dict[str, Callable[[], object]]:
        return self.checks

    @property
    def notices(self) -> list[str]:
        return self.said


class Web:
    """A client of the application, and what stands behind it."""

    def __init__(self, **settings: Any) -> None:
        self.context = MemoryGateway(
            read_settings(redis_url=NOWHERE, aws_endpoint_url="http://127.0.0.1:1", **settings)
        )
        self.app: Flask = create_app(self.context)
        self.client: FlaskClient = self.app.test_client()

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.client.open(path, method=method, headers=headers, buffered=True, **options)
        held = answer.status_code, answer.content_type or "", answer.get_data()
        assert (problem := HELD.problem(method, path.partition("?")[0], *held)) is None, problem
        return answer

    def sign_in(self, email: str = "min@example.com", **fields: Any) -> str:
        """Register, confirm and sign somebody in; return the access token."""
        account = {"email": email, "password": PASSWORD, "name": "민지", "role": "student"} | fields
        assert self.call("POST", "/api/auth/register", json=account).status_code == 201
        assert self.call("POST", "/api/auth/confirm", json={"email": email, "code": CODE}).status_code == 200
        return str(self.login(email)["accessToken"])

    def login(self, email: str = "min@example.com", password: str = PASSWORD) -> dict[str, Any]:
        answer = self.call("POST", "/api/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def web_with() -> Callable[..., Web]:
    """Builds an application with settings."""
    return Web


@pytest.fixture
def student(web: Web) -> str:
    """The access token of a student."""
    return web.sign_in()
