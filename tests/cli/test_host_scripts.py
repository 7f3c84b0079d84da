"""Scripts of hosts, deploys and containers: run here, with AWS, systemd and the instance's metadata stood in for."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.deploying.command import ROOT
from cli.procfile import read_procfile

HOSTS, DEPLOY, RUN = ROOT / "deploy" / "hosts", ROOT / "deploy" / "deploy.sh", ROOT / "deploy" / "container" / "run.sh"
SCRIPTS = [*HOSTS.glob("*.sh"), *(ROOT / "deploy").glob("*.sh"), RUN]
Fake = Callable[[str, str], None]


class Metadata(BaseHTTPRequestHandler):
    """An instance's metadata, version 2: nothing without a token."""

    state = "InService"

    def do_PUT(self) -> None:
        self._answer("token")

    def do_GET(self) -> None:
        if self.headers.get("X-aws-ec2-metadata-token") != "token":
            self.send_error(401)
        elif self.path.endswith("/instance-id"):
            self._answer("i-123")
        else:
            self._answer(type(self).state)

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def metadata() -> Iterator[tuple[type[Metadata], str]]:
    kind = type("OfThisTest", (Metadata,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """Put a program before all others; each notes how it was called in `calls`."""
    (tmp_path / "bin").mkdir()

    def put(name: str, body: str) -> None:
        place = tmp_path / "bin" / name
        place.write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls"\n{body}\n')
        place.chmod(0o755)

    return put


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "PAUSE_SECONDS": "0.05", "HOME": str(tmp_path), **more}


def calls(tmp_path: Path) -> list[str]:
    place = tmp_path / "calls"
    return place.read_text().splitlines() if place.exists() else []


@pytest.fixture
def lifecycle(tmp_path: Path, metadata: tuple[type[Metadata], str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the script of a host's life, with its settings in a file of the test's own."""
    told = tmp_path / "host"
    script = tmp_path / "lifecycle.sh"
    script.write_text((HOSTS / "lifecycle.sh").read_text().replace("/etc/speaktracker/host", str(told)))
    started: list[subprocess.Popen[str]] = []

    def start(long: str = "") -> subprocess.Popen[str]:
        settings = {"VERSION": 1, "REGION": "here", "GROUP": "dev-speaktracker-web", "LONG": f"'{long}'", "READY": ""}
        told.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        environ = environment(tmp_path, METADATA=metadata[1])
        started.append(subprocess.Popen(["sh", str(script)], env=environ, text=True, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()


def wait_for(tmp_path: Path, part: str) -> None:
    for _ in range(600):
        if any(part in call for call in calls(tmp_path)):
            return
        threading.Event().wait(0.05)
    raise AssertionError((part, calls(tmp_path)))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_scripts_and_can_be_started(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
    assert os.access(script, os.X_OK)


def test_a_host_says_once_that_it_is_ready_drains_and_goes(
    tmp_path: Path,
    fake: Fake,
    metadata: tuple[type[Metadata], str],
    lifecycle: Callable[[], subprocess.Popen[str]],
) -> None:
    fake("aws", "exit 0")
    fake("systemctl", "exit 0")
    process = lifecycle()

    wait_for(tmp_path, "--lifecycle-hook-name arrive")
    metadata[0].state = "Terminated"
    assert process.wait(timeout=60) == 0

    told = calls(tmp_path)
    assert sum("--lifecycle-hook-name arrive" in call for call in told) == 1
    stopped, left = (
        next(at for at, call in enumerate(told) if part in call) for part in ("systemctl stop", "name leave")
    )
    assert stopped < left
    assert "--instance-id i-123" in told[left]


LISTED = """case "$*" in *list-units*--state=active*speaktracker-worker-graphs@*)
  echo "speaktracker-worker-graphs@1.service loaded active running SpeakTracker: worker-graphs 1"
  echo "speaktracker-worker-graphs@2.service loaded active running SpeakTracker: worker-graphs 2" ;;
esac"""


@pytest.mark.parametrize("outcome", [0, 1])
def test_long_jobs_end_before_their_host_goes_and_it_says_that_it_still_leaves(
    tmp_path: Path,
    fake: Fake,
    metadata: tuple[type[Metadata], str],
    lifecycle: Callable[..., subprocess.Popen[str]],
    outcome: int,
) -> None:
    metadata[0].state = "Terminated"
    fake("aws", "exit 0")
    fake("hostname", "echo here")
    fake("systemctl", LISTED)
    busy = tmp_path / "busy"
    busy.touch()
    fake("systemd-run", f'while [ -e "{busy}" ]; do sleep 0.05; done; exit {outcome}')
    process = lifecycle(long="worker-speech:60 worker-graphs:450")

    for _ in range(600):
        if sum("record-lifecycle-action-heartbeat" in call for call in calls(tmp_path)) >= 2:
            break
        threading.Event().wait(0.05)
    told = calls(tmp_path)
    assert sum("record-lifecycle-action-heartbeat" in call for call in told) >= 2
    assert not any("systemctl stop" in call or "complete-lifecycle-action" in call for call in told)
    [drain] = [call for call in told if call.startswith("systemd-run")]
    assert drain.endswith("queues --aws drain --worker graphs-1@here --worker graphs-2@here --wait 450")

    busy.unlink()
    assert process.wait(timeout=60) == 0
    after = calls(tmp_path)[len(told) :]
    assert any("systemctl stop" in call for call in after)
    assert "--lifecycle-hook-name leave" in after[-1]


def test_a_host_that_is_not_ready_does_not_say_so(
    tmp_path: Path, fake: Fake, lifecycle: Callable[[], subprocess.Popen[str]]
) -> None:
    fake("aws", "exit 0")
    fake("systemctl", '[ "$1" = list-units ] && echo "speaktracker-web.service failed"; exit 0')
    lifecycle()

    for _ in range(3):
        wait_for(tmp_path, "systemctl list-units")
    assert not any("aws" in call for call in calls(tmp_path))


def test_what_aws_does_not_take_now_is_said_again(
    tmp_path: Path, fake: Fake, lifecycle: Callable[[], subprocess.Popen[str]]
) -> None:
    fake("aws", f'[ "$(grep -c "name arrive" "{tmp_path}/calls")" -ge 3 ]')
    fake("systemctl", "exit 0")
    lifecycle()

    wait_for(tmp_path, "name arrive")
    for _ in range(600):
        if sum("name arrive" in call for call in calls(tmp_path)) >= 3:
            return
        threading.Event().wait(0.05)
    raise AssertionError(calls(tmp_path))


def test_a_host_of_the_warm_pool_waits_stopped(
    tmp_path: Path,
    fake: Fake,
    metadata: tuple[type[Metadata], str],
    lifecycle: Callable[[], subprocess.Popen[str]],
) -> None:
    metadata[0].state = "Warmed:Stopped"
    fake("aws", "exit 0")
    fake("systemctl", "exit 0")
    lifecycle()

    wait_for(tmp_path, "name arrive")
    assert not any("systemctl start" in call for call in calls(tmp_path))


GROUPS = "dev-speaktracker-web\tdev-speaktracker-worker-tts\tdev-speaktracker-operations"
AWS = """case "$*" in
*describe-auto-scaling-groups*) printf '%s\\n' "{groups}" ;;
*start-instance-refresh*) echo refresh-1 ;;
*describe-instance-refreshes*) echo {state} ;;
*head-object*) exit {missing} ;;
esac"""


def deployed(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environ = environment(tmp_path, BUCKET="bucket", ALARM_EMAIL="a@example.com", **more)
    return subprocess.run([str(DEPLOY), *arguments], env=environ, capture_output=True, text=True, timeout=60)


def test_a_deploy_makes_the_stacks_and_then_replaces_hosts_gateways_last(tmp_path: Path, fake: Fake) -> None:
    fake("aws", AWS.format(groups=GROUPS, state="Successful", missing=0))
    release = tmp_path / "release.tar.gz"
    release.write_bytes(b"")

    told = deployed(tmp_path, "dev", "1.2.3", str(release), STACK_ROLE="arn:role")

    assert told.returncode == 0, told.stderr
    stacks = [call.split("--stack-name ")[1].split()[0] for call in calls(tmp_path) if "cloudformation deploy" in call]
    assert stacks == [f"speaktracker-dev-{name}" for name in ("resources", "access", "platform")]
    assert all("--role-arn arn:role" in call for call in calls(tmp_path) if "cloudformation deploy" in call)
    assert all("Version=1.2.3" in call for call in calls(tmp_path) if "cloudformation deploy" in call)
    refreshed = [
        call.split("--auto-scaling-group-name ")[1].split()[0] for call in calls(tmp_path) if "start-instance" in call
    ]
    assert refreshed == ["dev-speaktracker-operations", "dev-speaktracker-worker-tts", "dev-speaktracker-web"]


def test_a_deploy_whose_hosts_do_not_get_ready_fails(tmp_path: Path, fake: Fake) -> None:
    fake("aws", AWS.format(groups=GROUPS, state="Failed", missing=0))

    told = deployed(tmp_path, "dev", "1.2.3")

    assert told.returncode == 1
    assert "dev-speaktracker-operations: the refresh is Failed" in told.stderr
    assert sum("start-instance-refresh" in call for call in calls(tmp_path)) == 1


def test_going_back_needs_the_release_before(tmp_path: Path, fake: Fake) -> None:
    fake("aws", AWS.format(groups=GROUPS, state="Successful", missing=1))

    assert deployed(tmp_path, "dev", "0.9").returncode != 0
    assert not any("platform" in call for call in calls(tmp_path))


def pages(tmp_path: Path) -> list[str]:
    """Return what was done in the bucket with the page, and where in the order of the groups."""
    told = (call for call in calls(tmp_path) if ("index.html" in call and "s3 cp" in call) or "start-instance" in call)
    return ["group" if "start-instance" in call else " ".join(call.split()[-2:]) for call in told]


def test_pages_are_kept_with_their_release_and_shown_when_all_gateways_are_new(tmp_path: Path, fake: Fake) -> None:
    fake("aws", AWS.format(groups=GROUPS, state="Successful", missing=0))
    release = tmp_path / "release.tar.gz"
    release.write_bytes(b"")

    assert deployed(tmp_path, "prod", "2", str(release), FRONTEND="written").returncode == 0

    kept = "s3://bucket/releases/2/frontend/index.html"
    assert pages(tmp_path) == [
        *["group"] * 3,
        f"written/index.html {kept}",
        f"{kept} s3://bucket/frontend/index.html",
    ]


def test_pages_go_back_with_their_release_before_the_gateways(tmp_path: Path, fake: Fake) -> None:
    fake("aws", AWS.format(groups=GROUPS, state="Successful", missing=0))

    assert deployed(tmp_path, "prod", "1").returncode == 0

    assert pages(tmp_path) == [
        "s3://bucket/releases/1/frontend/index.html s3://bucket/frontend/index.html",
        *["group"] * 3,
    ]


def test_a_container_runs_what_the_procfile_says(tmp_path: Path, fake: Fake) -> None:
    fake("celery", "exit 7")

    told = subprocess.run([str(RUN), "worker-tts"], cwd=ROOT, env=environment(tmp_path), timeout=60)

    assert told.returncode == 7
    assert calls(tmp_path) == [read_procfile(ROOT / "Procfile")["worker-tts"]]


def test_a_container_of_no_program_says_so(tmp_path: Path) -> None:
    told = subprocess.run([str(RUN), "worker-x"], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert (told.returncode, "no program named worker-x" in told.stderr) == (64, True)
