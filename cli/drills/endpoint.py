"""The AWS endpoint of a drill, as a process of its own: production has the command line and not the stand-ins."""

import os
import subprocess
import sys
import time
from pathlib import Path

from cli.own_platform import ROOT
from cli.ports import choose_ports, is_listening
from cli.run_directory import RunDirectory

START_SECONDS = 60.0
STOP_SECONDS = 20.0
TORN_BYTES = 512
_POLL_SECONDS = 0.05


class Endpoint:
    """Starts and stops `embedded.aws` on a free port."""

    def __init__(self, directory: RunDirectory) -> None:
        """Keep where its store and its log lie; nothing is started yet."""
        self.port = choose_ports(["aws"], {})["aws"]
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process; None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Return when it takes connections.

        Raises:
            RuntimeError: it ended, or did not in a minute.
        """
        output = self._directory.program_log("aws")
        with output.open("ab") as said:
            self._process = subprocess.Popen(self._command(), cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS
        while not is_listening(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the AWS endpoint did not start: {output.read_text('utf-8')[-2000:]}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it; where it does not in 20 s, kill it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def cut(self) -> None:
        """Kill it, and leave the end of its journal as a disk may that lost power: a page of it half written."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for journal in (self._directory.path / "aws").rglob("*-wal"):
            size = journal.stat().st_size
            if size > TORN_BYTES:
                with journal.open("r+b") as file:
                    file.seek(0, os.SEEK_END)
                    file.write(os.urandom(TORN_BYTES))

    def _command(self) -> list[str]:
        store: Path = self._directory.path / "aws"
        where = ["--port", str(self.port), "--directory", str(store), "--log", str(self._directory.log)]
        return [sys.executable, "-m", "embedded.aws", *where]
