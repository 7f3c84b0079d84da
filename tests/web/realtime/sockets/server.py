"""A real gunicorn in a subprocess, with the application under test."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.web.realtime.sockets.raw_client import RawClient

HERE = Path(__file__).parent
ROOT = HERE.parents[3]


class Server:
    """Started on a socket that listens already, so that clients may connect before it is up."""

    def __init__(self, log: Path, worker: str = "gevent", **environment: str) -> None:
        self.log = log
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener, log.open("wb") as output:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)  # inherited: slow readers show early
            self.address: tuple[str, int] = listener.getsockname()
            self.process = subprocess.Popen(
                self._command(worker, listener.fileno()),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                pass_fds=[listener.fileno()],
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _command(self, worker: str, descriptor: int) -> list[str]:
        name = "tests.web.realtime.sockets"
        options = ["-k", worker, "--threads", "8", "-b", f"fd://{descriptor}", "-c", str(HERE / "gunicorn_settings.py")]
        return [sys.executable, "-m", "gunicorn", *options, f"{name}.application:app"]

    def connect(self, path: str = "/ws", **how: Any) -> RawClient:
        client = RawClient(self.address, how.pop("receive_buffer", None))
        client.upgrade(path, **how)
        return client

    def get(self, path: str) -> Any:
        with urlopen(self._url(path), timeout=10) as answer:
            return json.load(answer)

    def post(self, path: str) -> None:
        urlopen(Request(self._url(path), method="POST"), timeout=10).close()

    def journal(self, name: str) -> list[str]:
        notes: list[str] = self.get(f"/journal/{name}")
        return notes

    def eventually_noted(self, name: str, *notes: str) -> None:
        """Wait until the receiver of that name has noted exactly this."""
        eventually(lambda: self.journal(name), lambda noted: noted == list(notes))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def unexpected_errors(self) -> list[str]:
        """The last lines of the tracebacks in the log that no test asked for."""
        lines = re.findall(
            r"^[\w.]+(?:Error|Exception|Exit|Timeout|Violation|Interrupt)\b.*$", self.log.read_text(), re.M
        )
        return [line for line in lines if "asked to fail" not in line and "did not offer" not in line]

    def _url(self, path: str) -> str:
        return f"http://{self.address[0]}:{self.address[1]}{path}"


def eventually(look: Callable[[], Any], is_right: Callable[[Any], bool], seconds: float = 10.0) -> Any:
    """Look until it is right; fail with what was seen last."""
    deadline = time.monotonic() + seconds
    while not is_right(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {seconds} s"
        time.sleep(0.01)
    return seen
