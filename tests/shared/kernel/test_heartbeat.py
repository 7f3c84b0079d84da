"""A process that fell silent is known by the kernel's word for who sent what."""

import os
import socket
import subprocess
import sys

import pytest

from shared.kernel import heartbeat
from shared.kernel.heartbeat import Heartbeats

PROGRAM = "import sys; from shared.kernel.heartbeat import beat; beat(); print(flush=True); sys.stdin.read()"


def test_who_beats_and_falls_silent_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    listening = Heartbeats()
    command = [sys.executable, "-c", PROGRAM]
    environment = os.environ | {"NOTIFY_SOCKET": listening.address}
    program = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.readline()
    both = [os.getpid(), program.pid]

    listening.take_in()
    assert listening.silent(both) == []
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 0.0)
    assert listening.silent(both) == [program.pid]
    assert listening.silent(both) == []

    program.communicate()
    listening.close()


def test_who_is_not_asked_about_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    listening = Heartbeats()
    monkeypatch.setenv(heartbeat.SUPERVISOR, listening.address)
    heartbeat.beat()
    listening.take_in()
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 0.0)

    assert listening.silent([]) == []
    assert listening.silent([os.getpid()]) == []
    listening.close()


def test_other_words_are_no_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 0.0)
    listening = Heartbeats()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"READY=1", f"\0{listening.address[1:]}")

    listening.take_in()

    assert listening.silent([os.getpid()]) == []
    listening.close()
