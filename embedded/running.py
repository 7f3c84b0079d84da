"""Starting and ending an embedded process from Python, for the tests, drills and benchmarks."""

import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

_HOST = "127.0.0.1"
# A laptop with busy cores; the processes need under a second on an idle one.
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


def free_port() -> int:
    """Return a port on loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class EmbeddedProcess:
    """One embedded server as a child process, which can be started again on the same port and directory."""

    def __init__(self, module: str, directory: Path, *options: str, port: int | None = None) -> None:
        self.directory = directory
        self.port = port or free_port()
        self._command: Sequence[str] = (
            *(sys.executable, "-m", module),
            *("--port", str(self.port), "--directory", str(directory)),
            *options,
        )
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> Path:
        """The file that holds what the process writes to stdout and stderr."""
        return self.directory.with_suffix(".out")

    @property
    def pid(self) -> int | None:
        """The process id while the process runs."""
        return self._child.pid if self._child else None

    def start(self) -> Self:
        """Start the process and return when it accepts connections; raises RuntimeError when it ends or hangs."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self._child = subprocess.Popen(self._command, stdout=output, stderr=output)
        deadline = time.monotonic() + _START_SECONDS
        while not self._accepts():
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self._command[2]} did not start: {self.output.read_text()[-2000:]}")
        return self

    def stop(self) -> int:
        """Ask the process to end, wait, and return its exit code."""
        return self._end(kill=False)

    def kill(self) -> int:
        """End the process as a crash would, and return its exit code."""
        return self._end(kill=True)

    def _end(self, *, kill: bool) -> int:
        child, self._child = self._child, None
        if child is None:
            return 0
        if kill:
            child.kill()
        else:
            child.terminate()
        try:
            return child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise

    def _accepts(self) -> bool:
        try:
            with socket.create_connection((_HOST, self.port), timeout=1):
                return True
        except OSError:
            # Not an error: waited out here, so that the caller's loop does not spin on a refused connection.
            time.sleep(0.02)
            return False


def embedded_aws(directory: Path, *options: str, port: int | None = None) -> EmbeddedProcess:
    """Return the AWS endpoint, not yet started; its address is `endpoint_url(process)`."""
    return EmbeddedProcess("embedded.aws", directory, *options, port=port)


def embedded_redis(directory: Path, *options: str, port: int | None = None) -> EmbeddedProcess:
    """Return the Redis server, not yet started."""
    return EmbeddedProcess("embedded.redis_server", directory, *options, port=port)


def endpoint_url(process: EmbeddedProcess) -> str:
    """Return the address that boto3 takes as `endpoint_url`."""
    return f"http://{_HOST}:{process.port}"
