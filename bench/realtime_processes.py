"""Programs of the benchmark: each pinned to one processor, with a log, and ended in the end."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HOST = "127.0.0.1"
SERVERS, CLIENTS = 0, 1
"""The processor of what is measured, and that of the load and of what stands in for AWS."""
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def pinned(command: Sequence[str], processor: int) -> list[str]:
    """Return a command that runs on one processor, where there are several."""
    return ["taskset", "-c", str(processor), *command] if (os.cpu_count() or 1) > 1 else list(command)


class Program:
    """A running program and all that it starts."""

    def __init__(
        self, command: str, log: Path, *, processor: int, environment: Mapping[str, str], folder: Path, port: int
    ) -> None:
        """Start it and return when it listens. Raises RuntimeError with its last words where it does not."""
        self.command, self._log = command, log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                pinned(shlex.split(command), processor),
                env={**os.environ, **environment},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if port:
            self._await(port)

    @property
    def pid(self) -> int:
        """The process, whose children count as well."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, and kill it and its children if it does not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(_STOP_SECONDS)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()

    def _await(self, port: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection((HOST, port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.command} did not start: {self._log.read_text(errors='replace')[-2000:]}")
