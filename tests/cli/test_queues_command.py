"""`speaktracker queues` over a real Redis: a pause outlives the command, and nothing is claimed untried."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import speaktracker
from embedded.running import embedded_redis

Command = Callable[..., tuple[int, str]]


def commanding(monkeypatch: pytest.MonkeyPatch, directory: Path, redis_url: str) -> Command:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("REDIS_URL", redis_url)

    def command(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(speaktracker, ["queues", "--directory", str(directory), *words])
        return done.exit_code, done.output

    return command


def paused(command: Command) -> list[str]:
    code, said = command("list", "--json")
    assert code == 0, said
    return [one["queue"] for one in json.loads(said)["queues"] if one["state"] == "paused"]


def test_a_pause_is_kept_until_it_is_resumed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    redis = embedded_redis(tmp_path)
    redis.start()
    try:
        command = commanding(monkeypatch, tmp_path, f"redis://127.0.0.1:{redis.port}/0")
        assert paused(command) == []
        assert command("pause", "tts") == (0, "Paused tts: 0 workers follow now, any other as it starts.\n")
        command("pause", "speech")
        assert paused(command) == ["tts", "speech"]
        assert command("resume", "tts")[0] == 0
        assert paused(command) == ["speech"]
        assert command("drain") == (1, "Error: No worker answers.\n")
        assert "do not answer: worker@nowhere" in command("drain", "--worker", "worker@nowhere")[1]
    finally:
        redis.stop()


def test_without_redis_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = commanding(monkeypatch, tmp_path, "redis://127.0.0.1:1/0")
    for words in (("list",), ("pause", "tts"), ("resume", "tts"), ("drain",)):
        code, said = command(*words)
        assert (code, said.startswith("Error: Redis does not answer, nothing was changed")) == (1, True), said


def test_an_unknown_queue_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, said = commanding(monkeypatch, tmp_path, "redis://127.0.0.1:1/0")("pause", "nothing")
    assert (code, "'nothing' is not one of" in said) == (2, True)
