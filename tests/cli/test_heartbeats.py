"""A process that fell silent is known by the kernel's word for who sent what."""

import os
import socket
import subprocess
import sys

import pytest

from cli import heartbeats
from cli.heartbeats import Heartbeats

PROGRAM = "import sys; from shared.kernel.heartbeat import beat; beat(); print(flush=True); sys.stdin.read()"


def test_who_beats_and_falls_silent_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    listening = Heartbeats()
    command = [sys.executable, "-c", PROGRAM]
    environment = os.environ | {"NOTIFY_SOCKET": listening.address}
    program = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.readline()

    listening.take_in()
    assert not listening.is_silent(program.pid)
    monkeypatch.setattr(heartbeats, "SILENT_SECONDS", 0.0)
    assert not listening.is_silent(os.getpid())
    assert listening.is_silent(program.pid)
    assert not listening.is_silent(program.pid)

    program.communicate()
    listening.close()


def test_other_words_are_no_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "SILENT_SECONDS", 0.0)
    listening = Heartbeats()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"READY=1", f"\0{listening.address[1:]}")

    listening.take_in()

    assert not listening.is_silent(os.getpid())
    listening.close()
