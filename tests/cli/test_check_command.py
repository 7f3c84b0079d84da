"""`speaktracker check` names what is missing before a deploy, and asks what must answer."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import speaktracker

NOWHERE = "http://127.0.0.1:1"
NAMES = ("AWS_ENDPOINT_URL", "REDIS_URL", "CURSOR_KEY", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "JWKS_URL")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def check(*options: str) -> Result:
    return CliRunner().invoke(speaktracker, ["check", *options])


def test_settings_that_are_missing_are_named() -> None:
    told = check("--aws")
    assert told.exit_code == 1
    assert "CURSOR_KEY, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID must be set" in told.output


def test_what_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOWHERE)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("JWKS_URL", f"{NOWHERE}/jwks.json")
    monkeypatch.setenv("LOG_FILE", str(tmp_path / "missing" / "log.jsonl"))
    told = check("--json")
    assert told.exit_code == 1
    problems = json.loads(told.stdout)["problems"]
    for beginning in ("AWS does not answer", "dynamodb does", "redis does", "sqs does", "keys does", "LOG_FILE: "):
        assert any(problem.startswith(beginning) for problem in problems), (beginning, problems)


def test_without_a_platform_it_says_what_to_do(tmp_path: Path) -> None:
    told = check("--directory", str(tmp_path / "nothing"))
    assert told.exit_code == 1
    assert "Nothing runs on this laptop" in told.output


def test_a_profile_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for command in (["provision", "--check", "--aws"], ["dead-letters", "--aws", "list"], ["up", "--aws"]):
        told = CliRunner().invoke(speaktracker, command, env={"RUN_DIRECTORY": str(tmp_path / "run")})
        assert told.exit_code != 0
        assert "AWS_PROFILE" in str(told.exception) + told.output, command
        assert "nobody" in str(told.exception) + told.output
