"""`speaktracker verify` against a run: nothing is wrong, and what is broken is said in a sentence."""

import json
import os
import subprocess
import sys
import uuid
from typing import Any

import httpx
import pytest

from tests.flows.platform import ROOT, Platform, wait_for

OTHERS = ("AWS_ENDPOINT_URL", "REDIS_URL", "RUN_DIRECTORY")


def run(platform: Platform, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    command = [sys.executable, "-m", "cli", *arguments]
    own = {"RUN_DIRECTORY": str(platform.directory)}
    return subprocess.run(command, cwd=ROOT, env=kept | own, capture_output=True, text=True, timeout=120)


def problems(platform: Platform, *arguments: str, base: str | None = None) -> list[str]:
    told = run(platform, "verify", base or platform.base, "--json", *arguments)
    assert told.returncode in (0, 1), told.stderr
    found: list[str] = json.loads(told.stdout)["problems"]
    assert bool(found) is (told.returncode == 1)
    return found


def test_a_deployment_that_does_what_it_is_for_has_no_problem(platform: Platform) -> None:
    told = run(platform, "verify", platform.base)

    assert told.returncode == 0, told.stdout + told.stderr
    assert [line.split()[0] for line in told.stdout.splitlines()] == [
        "gateway", "resources", "a", "stored", "dead-letter", "logs",
    ]  # fmt: skip


def test_a_gateway_that_is_not_there_is_said_with_what_follows_from_it(platform: Platform) -> None:
    said = " ".join(problems(platform, base="http://127.0.0.1:9"))

    assert "http://127.0.0.1:9 does not answer as a gateway: ConnectError." in said
    assert "No message could be sent, so none was stored." in said


def test_an_account_that_is_refused_is_named(platform: Platform) -> None:
    said = problems(platform, "--email", "student@example.com", "--password", "Wrong-2024!")

    assert any(sentence.startswith("A message cannot be sent as student@example.com:") for sentence in said)


def test_a_message_that_nobody_stores_is_noticed(platform: Platform) -> None:
    assert run(platform, "queues", "pause", "persistence").returncode == 0
    try:
        said = problems(platform)
    finally:
        assert run(platform, "queues", "resume", "persistence").returncode == 0

    assert said == ["The message is not in the table after 5 s: do the workers of persistence run?"]


def test_a_log_without_the_message_is_noticed(platform: Platform, tmp_path: Any) -> None:
    empty = tmp_path / "log.jsonl"
    empty.write_text("")

    assert problems(platform, "--log", str(empty)) == [f"No line of {empty} names the message's request within 10 s."]


@pytest.mark.parametrize("attribute", ["VisibilityTimeout"])
def test_a_queue_that_differs_is_noticed(platform: Platform, attribute: str) -> None:
    url = platform.state["aws"]["queues"]["speech"]
    kept = platform.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[attribute])["Attributes"]
    platform.sqs.set_queue_attributes(QueueUrl=url, Attributes={attribute: "33"})
    try:
        said = problems(platform)
    finally:
        platform.sqs.set_queue_attributes(QueueUrl=url, Attributes=kept)

    assert any("speech" in sentence and attribute in sentence for sentence in said), said


def test_a_status_has_five_numbers_and_names_nothing_that_is_there(platform: Platform) -> None:
    def told() -> dict[str, Any] | None:
        found: dict[str, Any] = json.loads(run(platform, "status", "--json").stdout)
        return found if found["workers"] >= 7 else None

    found = wait_for(told, "every worker has told that it lives", 90)

    assert all(found[name] is not None for name in ("connections", "waiting", "oldest_seconds", "letters"))
    assert not [said for said in found["problems"] if "does not answer" in said or "no worker listens" in said]


def test_a_story_is_told_of_a_request_that_just_was(platform: Platform) -> None:
    request = f"story-{uuid.uuid4().hex}"
    httpx.get(f"{platform.base}/api/me", headers={"X-Request-Id": request}, timeout=10, trust_env=False)
    told = wait_for(lambda: run(platform, "trace", request).stdout, "its story is told")

    assert "GET /api/me" in told
