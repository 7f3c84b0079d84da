"""`speaktracker up` for real: embedded AWS and Redis under it, small programs in place of the platform's."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import redis

from cli.ports import choose_ports, is_listening
from cli.running import running

ROOT = Path(__file__).resolve().parents[2]
WEB = """
import http.server, json, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *arguments):
        print(json.dumps({"event": "asked", "path": self.path}), flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


class Up:
    """One `speaktracker up` in a directory of its own."""

    def __init__(self, directory: Path, procfile: str) -> None:
        self.directory = directory
        (directory / "web.py").write_text(WEB)
        (directory / "Procfile").write_text(procfile)
        self.port = choose_ports(["web"], {})["web"]
        self.output = directory / "output"

    def start(self, *options: str, output: Path | None = None) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if name not in ("AWS_ENDPOINT_URL", "REDIS_URL")}
        environment = {**kept, "PYTHONPATH": str(ROOT), "PORT": str(self.port), "RUN_DIRECTORY": "run"}
        with (output or self.output).open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "cli", "up", *options],
                cwd=self.directory,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def asked_to_stop(self, *options: str) -> str:
        """Return what `speaktracker stop` says."""
        command = [sys.executable, "-m", "cli", "stop", "--directory", str(self.directory / "run"), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    def said(self) -> str:
        return self.output.read_text()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.directory / "run" / "state.json").read_text())
        return found

    def supervised(self) -> set[int]:
        """Return the processes of this directory's supervisord and of its programs."""
        table = running()
        supervisors = {found.pid for found in table.values() if str(self.directory / "run" / "super") in found.command}
        return supervisors | {found.pid for found in table.values() if found.parent in supervisors}


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def test_it_runs_survives_what_dies_and_leaves_nothing(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    up = Up(tmp_path, f"web: {sys.executable} web.py $PORT\nsleeper: sleep 987\n")
    first = up.start("--verbose")
    started.append(first)
    wait_for(lambda: "is ready" in up.said(), "ready")
    told = up.state()
    assert told["pid"] == first.pid
    assert {"web", "aws", "redis", "supervisor"} <= set(told["ports"])
    wait_for(lambda: "asked path=/readyz" in up.said(), "a line of the gateway's log")
    assert all(found.group != os.getpgid(first.pid) for found in running(up.supervised()).values())
    assert_nobody_else_gets_in(tmp_path / "run", told["addresses"])

    # one at a time
    refused = up.start(output=tmp_path / "refused")
    assert refused.wait(60) == 1
    assert f"already runs from {tmp_path / 'run'} (process {first.pid})" in (tmp_path / "refused").read_text()

    # whoever asks whether it runs is told so
    assert "stop it first" in up.asked_to_stop("--check")
    # killed, it leaves what it started, which is seen too; the next run ends that and has the same store
    left = up.supervised()
    assert len(left) == 5
    first.kill()
    first.wait()
    assert up.supervised() == left
    assert "stop it first" in up.asked_to_stop("--check")
    second = up.start()
    started.append(second)
    wait_for(lambda: "is ready" in up.said(), "ready again")
    assert "Ended 5 processes that an earlier run had left." in up.said()
    assert up.state()["aws"]["userPoolId"] == told["aws"]["userPoolId"]
    assert not left & set(running())
    assert up.said().rstrip().endswith("what was stored is kept.")  # the addresses stay in sight
    assert "asked" not in up.said()

    # Ctrl-C
    programs = up.supervised()
    os.killpg(second.pid, signal.SIGINT)
    assert second.wait(60) == 0
    assert "Traceback" not in up.said()
    assert not programs & set(running())
    assert not is_listening(up.port)
    assert not (tmp_path / "run" / "state.json").exists()
    assert "Nothing runs from" in up.asked_to_stop()


def assert_nobody_else_gets_in(directory: Path, addresses: dict[str, str]) -> None:
    assert [path for path in directory.rglob("*") if path.stat().st_mode & 0o077] == []
    with pytest.raises(redis.AuthenticationError), redis.Redis(port=urlsplit(addresses["redis"]).port or 0) as stranger:
        stranger.ping()
    with redis.Redis.from_url(addresses["redis"]) as known:
        assert known.ping()
    statuses = {
        site: httpx.get(addresses["supervisor"], headers={"Sec-Fetch-Site": site}, trust_env=False).status_code
        for site in ("cross-site", "same-site", "none")
    }
    assert statuses == {"cross-site": 403, "same-site": 403, "none": 401}


def test_a_program_that_ends_at_once_is_named_with_its_last_words(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    worker = "sh -c 'echo There is no configuration; exit 3'"
    up = Up(tmp_path, f"web: {sys.executable} web.py $PORT\nworker: {worker}\n")
    started.append(process := up.start())
    assert process.wait(60) == 1
    assert "worker does not start: it ends at once, each time. Its last lines:" in up.said()
    assert "There is no configuration" in up.said()
    assert "is ready" not in up.said()
    assert up.supervised() == set()


def test_what_a_killed_run_left_can_be_stopped(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    up = Up(tmp_path, f"web: {sys.executable} web.py $PORT\n")
    started.append(process := up.start())
    wait_for(lambda: "is ready" in up.said(), "ready")
    supervisors = [found.pid for found in running().values() if found.parent == process.pid]
    programs = up.supervised()
    for pid in (process.pid, *supervisors):
        os.kill(pid, signal.SIGKILL)
    process.wait()
    assert is_listening(up.port)
    assert "stop it first" in up.asked_to_stop("--check")
    assert "Stopped" in up.asked_to_stop()
    assert not programs & set(running())


def test_a_taken_port_is_refused(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    up = Up(tmp_path, "web: true\n")
    with socket.create_server(("127.0.0.1", up.port)):
        started.append(process := up.start())
        assert process.wait(60) == 1
    assert f"Port {up.port} is taken by another program" in up.said()
    assert not (tmp_path / "run").exists()
