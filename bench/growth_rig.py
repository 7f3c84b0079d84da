"""The gateway in this process over the laptop's AWS and Redis, and what its calls read and write."""

from __future__ import annotations

import logging
import math
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient

from bench.growth_items import Person
from cli.environment import keys_address
from cli.platform_settings import shield
from embedded.running import embedded_aws, embedded_redis, endpoint_url
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import DemoAccount, create_account
from shared.adapters.aws.provisioner import Provisioner
from shared.kernel.settings import Settings, read_settings
from shared.wiring import GatewayContext
from web.app import create_app

PASSWORD = "Practice-2024!"
TRIES = 5
READ_UNIT, WRITE_UNIT = 4096, 1024
"""Bytes a unit (docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html)."""


class Capacity:
    """Counts the units that answers of DynamoDB stand for, by its own rule: the stand-in counts a query as one item.

    A query is its items' bytes over 4 KB, what a filter passed over included; half of it where it is not consistent.
    """

    def __init__(self, client: Any) -> None:
        """Listen to a client from now on."""
        self.read = self.write = 0.0
        self._asked: dict[str, Any] = {}
        client.meta.events.register("before-parameter-build.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    def reset(self) -> None:
        """Begin at 0."""
        self.read = self.write = 0.0

    def _before(self, params: dict[str, Any], **_: Any) -> None:
        self._asked = params

    def _after(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        share = 1.0 if self._asked.get("ConsistentRead") else 0.5
        if model.name == "Query":
            passed = parsed.get("ScannedCount", 0) / max(1, parsed.get("Count", 1))
            self.read += share * _units(sum(map(_bytes, parsed.get("Items", []))) * max(1.0, passed), READ_UNIT)
        elif model.name == "GetItem":
            self.read += share * _units(_bytes(parsed.get("Item", {})), READ_UNIT)
        elif model.name == "BatchGetItem":
            items = [item for found in parsed.get("Responses", {}).values() for item in found]
            self.read += sum(_units(_bytes(item), READ_UNIT) for item in items)
        else:
            told = parsed.get("ConsumedCapacity") or []
            each = told if isinstance(told, list) else [told]
            self.write += sum(float(one.get("CapacityUnits") or 0) for one in each)


def _units(size: float, unit: int) -> int:
    return max(1, math.ceil(size / unit))


def _bytes(item: dict[str, Any]) -> int:
    """Return about how large DynamoDB takes an item for: names and texts by their bytes."""
    return sum(len(name.encode()) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())


class Gateway:
    """The application, and people who are signed in to it."""

    def __init__(self, settings: Settings, pool: str) -> None:
        """Build the application; nothing listens."""
        self.context = GatewayContext(settings)
        self.capacity = Capacity(self.context.aws.dynamodb)
        self._pool = pool
        self._client: FlaskClient = create_app(self.context).test_client()

    def sign_in(self, role: str, groups: tuple[str, ...] = ()) -> Person:
        """Return somebody new who is signed in."""
        cognito = self.context.aws.cognito
        email = f"{role}-{uuid.uuid4().hex[:8]}@example.com"
        create_account(cognito, self._pool, DemoAccount(email, f"A {role}", role, PASSWORD, list(groups)))
        said = self._client.post("/api/auth/login", json={"email": email, "password": PASSWORD}).get_json()
        return Person(userId=said["user"]["userId"], email=email, token=said["accessToken"])

    def call(self, who: Person, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Return what somebody is answered; where AWS's stand-in was too slow for it, at another try.

        The stand-in looks through the whole table for a query of an index.

        Raises:
            RuntimeError: they are refused.
        """
        headers = {"Authorization": f"Bearer {who['token']}"}
        for _ in range(TRIES):
            self.capacity.reset()
            answer = self._client.open(path, method=method, json=body, headers=headers)
            if answer.status_code != 503:
                break
        said = answer.get_json()
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {said}")
        found: dict[str, Any] = said.get("data") or said
        return found


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Give a gateway with AWS and Redis of its own, which go away afterwards."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        aws, redis = embedded_aws(Path(folder) / "aws"), embedded_redis(Path(folder) / "redis")
        try:
            aws.start()
            redis.start()
            yield _gateway(endpoint_url(aws), f"redis://127.0.0.1:{redis.port}/0")
        finally:
            aws.kill()
            redis.kill()


def _gateway(endpoint: str, redis_url: str) -> Gateway:
    shield(os.environ)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    given: dict[str, Any] = {"aws_endpoint_url": endpoint, "redis_url": redis_url}
    settings = read_settings(**given)
    made = Provisioner(AwsClients(settings), settings).provision()
    known = {"cognito_user_pool_id": made.user_pool_id, "cognito_client_id": made.client_id}
    settings = read_settings(**given, **known, jwks_url=keys_address(settings, made))
    return Gateway(settings, made.user_pool_id)
