"""What is not as it must be is named at the start, by `check`, by `provision --check` and by `/readyz`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from click.testing import CliRunner
from structlog.testing import capture_logs

from cli.main import speaktracker
from embedded.running import embedded_redis
from shared.adapters.celery_jobs import CeleryJobs
from shared.kernel.queues import Queue
from shared.kernel.settings import Misconfigured, read_settings
from shared.wiring import GatewayContext, WorkerContext
from tests.workers.crew import Crew
from web.app import create_app

DELAY = "DelaySeconds is 900, must be 0"
SIZE = "MaximumMessageSize is 1024, must be 1048576"
COMMA = "FLOWER_BASIC_AUTH: must be user:password, without a comma"


class Places:
    """The four places that may name what is wrong, with the environment of a crew and what is changed in it."""

    def __init__(self, crew: Crew, patch: pytest.MonkeyPatch) -> None:
        self._crew, self._patch = crew, patch
        for name, value in crew.environment.items():
            patch.setenv(name, value)

    def set(self, name: str, value: str) -> None:
        self._patch.setenv(name, value)

    def said_at_start(self) -> str:
        """What a worker logs before it takes work, or ends with."""
        with capture_logs() as lines:
            try:
                WorkerContext(read_settings()).require_queues(Queue)
            except Misconfigured as refusal:
                return str(refusal)
        return "\n".join(line["problem"] for line in lines if line["event"] == "start.problem")

    def said_by(self, *command: str) -> str:
        told = CliRunner().invoke(speaktracker, [*command])
        assert told.exit_code == 1
        return told.output + str(told.exception)

    def said_by_readyz(self) -> str:
        context = GatewayContext(read_settings())
        context.jobs = CeleryJobs(context.aws, context.claims, self._crew.app)
        context.tokens = SimpleNamespace(check=lambda: None)  # type: ignore[assignment]  # no user pool here
        answer = create_app(context).test_client().get("/readyz")
        known = answer.get_json()
        return json.dumps([known["notices"], [name for name, is_well in known["checks"].items() if not is_well]])

    def all(self) -> list[str]:
        return [self.said_at_start(), *self.commands(), self.said_by_readyz()]

    def commands(self) -> list[str]:
        return [self.said_by("check"), self.said_by("provision", "--check")]


@pytest.fixture
def places(own_crew: Crew, monkeypatch: pytest.MonkeyPatch) -> Places:
    return Places(own_crew, monkeypatch)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator["redis.Redis"]:
    process = embedded_redis(tmp_path / "redis").start()
    with redis.Redis(port=process.port) as client:
        yield client
    process.kill()


def test_a_queue_that_was_changed_is_named_everywhere(places: Places, own_crew: Crew) -> None:
    sqs = own_crew.context.aws.sqs
    sqs.set_queue_attributes(QueueUrl=own_crew.url(Queue.TTS), Attributes={"DelaySeconds": "900"})
    sqs.set_queue_attributes(QueueUrl=own_crew.url(Queue.PERSISTENCE), Attributes={"MaximumMessageSize": "1024"})
    for said in places.all():
        assert DELAY in said, said
        assert SIZE in said, said


def test_a_password_with_a_comma_is_refused_wherever_settings_are_read(places: Places) -> None:
    """A gateway with such a password never answers /readyz, since it does not start."""
    places.set("FLOWER_BASIC_AUTH", "operator:one,two")
    with pytest.raises(Misconfigured) as refusal:
        read_settings()
    for said in (str(refusal.value), *places.commands()):
        assert COMMA in said, said


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_redis_that_takes_no_writes_is_named_everywhere(fault: str, places: Places, own_redis: "redis.Redis") -> None:
    places.set("REDIS_URL", f"redis://127.0.0.1:{own_redis.connection_pool.connection_kwargs['port']}/0")
    if fault == "full":
        own_redis.config_set("maxmemory", "1")
    else:
        own_redis.replicaof("127.0.0.1", 1)
    started, *told, ready = places.all()
    for said in (started, *told):
        assert "redis does not answer" in said, said
    assert '["redis"]' in ready, ready


def test_a_log_that_cannot_be_written_is_named_everywhere(places: Places, tmp_path: Path) -> None:
    places.set("LOG_FILE", str(tmp_path / "missing" / "log.jsonl"))
    for said in places.all():
        assert "LOG_FILE: " in said, said
        assert "cannot be written" in said, said


def test_a_full_disk_is_named_everywhere(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    full: Any = SimpleNamespace(f_blocks=64, f_bavail=0)
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    for said in places.all():
        assert "LOG_FILE: the disk of " in said, said
