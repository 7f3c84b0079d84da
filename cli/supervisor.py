"""Runs supervisord in the foreground of a session of its own, and speaks with it."""

import http.client
import secrets
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cli.run_directory import RunDirectory
from cli.supervision import Access, Program, configuration

ANSWER_SECONDS = 5.0
START_SECONDS = 15.0
POLL_SECONDS = 0.1
OUTPUT = "supervisord.out"


class SupervisorGone(Exception):
    """supervisord ended, or does not answer; the message has its last words."""


@dataclass(frozen=True)
class ProgramState:
    """How a program fares: supervisor's name of its state, and its process, 0 while there is none."""

    name: str
    group: str
    state: str
    pid: int


class _Transport(xmlrpc.client.Transport):
    """Gives up on an answer after a while; the standard one waits for ever."""

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = ANSWER_SECONDS
        return connection


class Supervisor:
    """One supervisord over the programs of one run directory; used by one thread."""

    def __init__(self, directory: RunDirectory, root: Path, port: int) -> None:
        """Keep where it will run; nothing is started yet."""
        self._directory, self._root = directory, root
        self._access = Access(port, secrets.token_urlsafe(16))
        self._programs: list[Program] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._remote: Any = None

    @property
    def pid(self) -> int:
        """Return the process of supervisord; 0 before its start."""
        return self._process.pid if self._process else 0

    def start(self, programs: Sequence[Program]) -> None:
        """Start supervisord with its first programs, and return when it answers.

        Its session is its own, so that the terminal's Ctrl-C reaches nobody but us.

        Raises:
            SupervisorGone: it ended, or did not answer in time.
        """
        self._write(programs)
        with open(self._directory.path / OUTPUT, "wb") as output:
            self._process = subprocess.Popen(
                supervisor_command(self._directory),
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        address = f"{self._access.username}:{self._access.password}@127.0.0.1:{self._access.port}"
        self._remote = xmlrpc.client.ServerProxy(f"http://{address}/RPC2", transport=_Transport()).supervisor
        self._await_answer()

    def add(self, programs: Sequence[Program]) -> None:
        """Start more programs; those that run already are left alone.

        Raises:
            SupervisorGone: supervisord does not answer.
        """
        self._write(programs)
        self._ask(self._remote.reloadConfig)
        for group in dict.fromkeys(program.group for program in programs):
            self._ask(partial(self._remote.addProcessGroup, group))

    def states(self) -> list[ProgramState]:
        """Return how every program fares.

        Raises:
            SupervisorGone: supervisord does not answer.
        """
        return [_state(found) for found in self._ask(self._remote.getAllProcessInfo)]

    def start_again(self, state: ProgramState) -> None:
        """Start a program that supervisor gave up.

        Raises:
            SupervisorGone: supervisord does not answer.
        """
        self._ask(partial(self._start_process, f"{state.group}:{state.name}"))

    def terminate(self) -> None:
        """Ask supervisord to stop its programs, the platform's before what stands in for AWS, and to end.

        It hears the question at once, and a signal within a second.
        """
        if self._process and self._process.poll() is None:
            try:
                self._ask(lambda: self._remote.shutdown())
            except (SupervisorGone, AttributeError):  # it does not answer, or was never asked anything yet
                self._process.terminate()

    def wake(self) -> None:
        """Have supervisord look at once at which programs have ended; by itself it does so every second."""
        with suppress(SupervisorGone):
            self._ask(lambda: self._remote.getState())

    def kill(self) -> None:
        """End supervisord at once; its programs are left to be swept."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def has_ended(self) -> bool:
        """Tell whether supervisord is no more."""
        return self._process is None or self._process.poll() is not None

    def _write(self, programs: Sequence[Program]) -> None:
        self._programs += programs
        text = configuration(self._programs, self._access, directory=self._directory.path, root=self._root)
        self._directory.write_text(self._directory.supervisor_configuration.name, text)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._ask(self._remote.getState)
                return
            except SupervisorGone:
                if self.has_ended() or time.monotonic() > deadline:
                    raise
            time.sleep(POLL_SECONDS)

    def _start_process(self, name: str) -> None:
        with suppress(xmlrpc.client.Fault):  # it runs already, or cannot be started: its state will say so
            self._remote.startProcess(name, False)

    def _ask(self, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except (OSError, http.client.HTTPException, xmlrpc.client.Error) as error:
            raise SupervisorGone(f"supervisord does not answer ({error}). {self._last_words()}") from error

    def _last_words(self) -> str:
        output = self._directory.path / OUTPUT
        return output.read_text(encoding="utf-8", errors="replace").strip() if output.exists() else ""


def supervisor_command(directory: RunDirectory) -> list[str]:
    """Return the command of supervisord, by which its process is known again."""
    return [sys.executable, "-m", "embedded.supervising", "-n", "-c", str(directory.supervisor_configuration)]


def _state(found: dict[str, Any]) -> ProgramState:
    return ProgramState(
        name=found["name"],
        group=found["group"],
        state=found["statename"],
        pid=found["pid"],
    )
