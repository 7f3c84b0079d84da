"""Starting, refusing to start, and becoming a Redis server."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from embedded.running import EmbeddedProcess, embedded_aws, embedded_redis, free_port

WITHOUT_A_HOOK = """
from ministack.services import sqs
from embedded.aws import hooks
del sqs._collect_msgs
hooks.assert_names()
"""


@pytest.fixture
def embedded_redis_process(tmp_path: Path) -> Iterator[EmbeddedProcess]:
    process = embedded_redis(tmp_path / "redis").start()
    yield process
    process.kill()


def test_another_ministack_is_refused_in_a_sentence(tmp_path: Path) -> None:
    environment = {"STATE_DIR": str(tmp_path), "S3_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_HOOK], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 1
    assert "lacks ministack.services.sqs._collect_msgs: install the version pinned" in run.stderr


def test_a_second_process_is_refused_in_a_sentence(embedded_cloud: Any) -> None:
    taken = embedded_cloud.process
    with pytest.raises(RuntimeError, match="Another process is using"):
        embedded_aws(taken.directory, port=free_port()).start()
    assert run_briefly(taken.port, taken.directory.with_name("other")) == (1, True)


def run_briefly(port: int, directory: Path) -> tuple[int, bool]:
    """Return the exit code of an endpoint on a port, and whether it said that the port is taken."""
    command = [sys.executable, "-m", "embedded.aws", "--port", str(port), "--directory", str(directory)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return run.returncode, "in use" in run.stderr


def test_a_stop_answers_the_polls_that_wait(embedded_crashing_cloud: Any) -> None:
    sqs = embedded_crashing_cloud.client("sqs")
    queue = sqs.create_queue(QueueName="waiting")["QueueUrl"]
    answers: list[int] = []

    def poll() -> None:
        answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)
        answers.append(answer["ResponseMetadata"]["HTTPStatusCode"])

    thread = threading.Thread(target=poll)
    thread.start()
    wait_for_poll(sqs, queue)
    assert embedded_crashing_cloud.process.stop() == 0
    thread.join(10)
    assert answers == [200]
    assert embedded_crashing_cloud.process.output.read_text() == ""


def wait_for_poll(sqs: Any, queue: str) -> None:
    """Return when the other connection's poll has surely been read: later requests were answered meanwhile."""
    for _ in range(20):
        sqs.get_queue_attributes(QueueUrl=queue)


def test_redis_is_the_process_that_was_started_and_keeps_its_data(embedded_redis_process: EmbeddedProcess) -> None:
    client = redis.Redis(port=embedded_redis_process.port)
    assert client.info("server")["process_id"] == embedded_redis_process.pid
    limits = str(client.config_get("client-output-buffer-limit"))
    assert f"pubsub {64 * 2**20} {16 * 2**20} 30" in limits
    assert client.config_get("bind") == {"bind": "127.0.0.1"}
    client.set("kept", "yes")
    assert embedded_redis_process.stop() == 0
    embedded_redis_process.start()
    assert client.get("kept") == b"yes"
    client.close()


def test_redis_asks_for_its_password_and_no_command_line_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_PASSWORD", "hush-hush_1")
    process = embedded_redis(tmp_path / "redis").start()
    with redis.Redis(port=process.port) as stranger, redis.Redis(port=process.port, password="hush-hush_1") as known:
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert known.ping()
    assert "hush" not in Path(f"/proc/{process.pid}/cmdline").read_text()
    assert (tmp_path / "redis" / "server.conf").stat().st_mode & 0o077 == 0
    process.stop()


def test_redis_from_python_says_that_it_forgets(tmp_path: Path) -> None:
    process = embedded_redis(tmp_path / "redis", "--in-memory").start()
    client = redis.Redis(port=process.port, retry=Retry(NoBackoff(), 0))
    assert client.set("kept", "no")
    assert client.eval("return redis.call('GET', KEYS[1])", 1, "kept") == b"no"
    assert process.stop() == 0
    assert "everything is lost when it stops" in process.output.read_text()
    with pytest.raises(RedisConnectionError):
        client.ping()
    client.close()
