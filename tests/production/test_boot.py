"""Production's install boots every program of the Procfile."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.ports import choose_ports
from cli.procfile import read_procfile
from tests.flows.platform import wait_for
from tests.production.conftest import ROOT
from tests.production.install import Install

LOGIN = ("operator", "a password")


def commands() -> dict[str, str]:
    """Return the Procfile's programs, all workers as one that has every queue."""
    programs = read_procfile(ROOT / "Procfile")
    workers = {name: command for name, command in programs.items() if " worker " in command}
    queues = ",".join(re.findall(r"-Q (\S+)", " ".join(workers.values())))
    first = re.sub(r"-Q \S+", f"-Q {queues}", next(iter(workers.values())))
    return {name: command for name, command in programs.items() if name not in workers} | {"worker": first}


@contextmanager
def ended(running: dict[str, subprocess.Popen[bytes]]) -> Iterator[None]:
    """Ask all to end afterwards, side by side."""
    try:
        yield
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        for process in running.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5, trust_env=False, auth=LOGIN).status_code == 200
    except httpx.HTTPError:
        return False


def has_done(log: Path, task: str) -> bool:
    """Tell whether a worker has done what beat asked for."""
    lines = map(json.loads, log.read_text().splitlines()) if log.exists() else ()
    return any((line["event"], line.get("task")) == ("job.done", task) for line in lines)


def test_every_program_boots(installed: Install, provisioned: dict[str, str], tmp_path: Path) -> None:
    ports = choose_ports(["web", "flower"], {})
    log = tmp_path / "log.jsonl"
    settings = provisioned | {"LOG_FILE": str(log), "FLOWER_BASIC_AUTH": ":".join(LOGIN)}
    settings |= {"PORT": str(ports["web"]), "FLOWER_PORT": str(ports["flower"]), "HOST": "127.0.0.1"}
    signs = {
        "web": lambda said: answers(f"http://127.0.0.1:{ports['web']}/readyz"),
        "flower": lambda said: answers(f"http://127.0.0.1:{ports['flower']}/healthcheck"),
        "beat": lambda said: has_done(log, "messages.sweep_unqueued"),
        "worker": lambda said: "[queues]" in said,
    }
    running: dict[str, subprocess.Popen[bytes]] = {}
    with ended(running):
        for name, command in commands().items():
            running[name] = installed.start(command, ROOT, tmp_path / f"{name}.out", **settings)
        assert running.keys() == signs.keys()
        for name, process in running.items():
            output = tmp_path / f"{name}.out"

            def is_up(name: str = name, process: subprocess.Popen[bytes] = process, output: Path = output) -> bool:
                said = output.read_text()
                assert process.poll() is None, f"{name}: {said}"
                return signs[name](said)

            wait_for(is_up, f"{name} is up", 240)
    assert [process.returncode for process in running.values()] == [0] * len(running)
