"""A platform of one's own, for benchmarks and drills: started as a person would, in a directory that goes away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click
import httpx

from cli.demo_platform import RunningPlatform, find_platform
from cli.ports import choose_ports

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 330.0
STOP_SECONDS = 40.0
LAST_WORDS = 2000
_POLL_SECONDS = 0.2


class OwnPlatform(NamedTuple):
    """A platform that was started here, and the process that all others of it descend from."""

    platform: RunningPlatform
    pid: int


@contextmanager
def own_platform(directory: Path, **settings: str) -> Iterator[OwnPlatform]:
    """Start a platform on a free port, give it when it is ready, and stop it afterwards.

    Raises:
        ClickException: it did not become ready.
    """
    port = choose_ports(["web"], {})["web"]
    output = directory.with_suffix(".out")
    with output.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "up"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port), "RUN_DIRECTORY": str(directory)} | settings,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await_ready(process, f"http://127.0.0.1:{port}/readyz", output)
        yield OwnPlatform(find_platform(directory), process.pid)
    finally:
        _stop(process)


def _await_ready(process: subprocess.Popen[bytes], address: str, output: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(trust_env=False) as http:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if http.get(address).is_success:
                    return
            except httpx.TransportError:
                pass  # it does not listen yet
            time.sleep(_POLL_SECONDS)
    last = output.read_text("utf-8", errors="replace")[-LAST_WORDS:]
    raise click.ClickException(f"The platform did not become ready. {last}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
