"""Programs of the platform that a drill runs itself for a while, as its supervisor does and with one thing changed."""

import configparser
import os
import shlex
import subprocess
import xmlrpc.client
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from cli.own_platform import ROOT
from cli.run_directory import RunDirectory

STOP_SECONDS = 30.0
GROUP = "platform"


class StandIns:
    """Some programs, taken from their supervisor between `start` and `end`; both wait, so call them in a thread."""

    def __init__(self, directory: RunDirectory, names: Sequence[str], **changed: str) -> None:
        """Keep which programs, and what is changed in their environment; nothing is stopped yet."""
        self._directory, self._names, self._changed = directory, names, changed
        self._configuration = read_configuration(directory)
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Have the supervisor stop its own, and run them here."""
        for name in self._names:
            with suppress(xmlrpc.client.Fault):  # it does not run just now
                self._supervisor().stopProcess(f"{GROUP}:{name}")
            self._processes.append(self._run(name))

    def end(self) -> None:
        """End them as their supervisor would, and let it run its own again."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes = []
        for name in self._names:
            with suppress(xmlrpc.client.Fault):  # it runs already
                self._supervisor().startProcess(f"{GROUP}:{name}", False)

    def _run(self, name: str) -> "subprocess.Popen[bytes]":
        program = self._configuration[f"program:{name}"]
        command = shlex.split(program["command"].replace("%%", "%"))
        environment = environment_of(self._configuration, name) | self._changed
        with open(self._directory.program_log(f"stand-in-{name}"), "ab") as output:
            return subprocess.Popen(
                command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
            )

    def _supervisor(self) -> Any:
        door = self._configuration["inet_http_server"]
        password = door["password"].replace("%%", "%")
        return xmlrpc.client.ServerProxy(f"http://{door['username']}:{password}@{door['port']}/RPC2").supervisor


def read_configuration(directory: RunDirectory) -> configparser.RawConfigParser:
    """Return what the supervisor was told."""
    configuration = configparser.RawConfigParser()
    configuration.read(directory.supervisor_configuration, encoding="utf-8")
    return configuration


def environment_of(configuration: configparser.RawConfigParser, program: str) -> dict[str, str]:
    """Return the environment that a program is given beside the supervisor's own."""
    pairs = shlex.shlex(configuration[f"program:{program}"]["environment"].replace("%%", "%"), posix=True)
    pairs.whitespace, pairs.whitespace_split = ",", True
    return dict(pair.split("=", 1) for pair in pairs)
