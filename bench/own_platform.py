"""The platform to measure: the one that runs already, else one of our own in a temporary directory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cli.demo_platform import RunningPlatform, find_platform
from cli.ports import choose_ports

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 150.0
STOP_SECONDS = 40.0
_POLL_SECONDS = 0.2


@contextmanager
def platform_to_measure(directory: Path) -> Iterator[RunningPlatform]:
    """Give the platform that runs from a directory; where none does, start one and stop it afterwards."""
    if (directory / "state.json").exists():
        yield find_platform(directory)
        return
    with tempfile.TemporaryDirectory() as own, _started(Path(own) / "run") as platform:
        yield platform


@contextmanager
def _started(directory: Path) -> Iterator[RunningPlatform]:
    port = choose_ports(["web"], {})["web"]
    print(f"Nothing runs from here: starting a platform of our own on port {port}.", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "up"],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "RUN_DIRECTORY": str(directory)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await_ready(process, f"http://127.0.0.1:{port}/readyz")
        yield find_platform(directory)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _await_ready(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(trust_env=False) as http:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if http.get(address).is_success:
                    return
            except httpx.TransportError:
                pass  # it does not listen yet
            time.sleep(_POLL_SECONDS)
    raise SystemExit("The platform did not become ready: `make run` says why.")
