"""A pool's process that stands still is ended; one that lives is left alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.kernel import heartbeat
from tests.workers.crew import ROOT, until
from workers.pool_life import PoolLife

PROGRAM = "import sys; from workers.pool_life import PoolLife; PoolLife().speak(); sys.stdin.read()"


@pytest.fixture
def life() -> Iterator[PoolLife]:
    life = PoolLife()
    life.listen()
    yield life
    assert life._heartbeats is not None
    life._heartbeats.close()


@pytest.fixture
def child(life: PoolLife) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def test_a_frozen_process_is_ended(
    life: PoolLife, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeats = life._heartbeats
    assert heartbeats is not None

    def is_heard() -> bool:
        heartbeats.take_in()
        return child.pid in heartbeats._heard

    until(is_heard, "a sign of life")
    life.look([child.pid])
    assert child.poll() is None

    os.kill(child.pid, signal.SIGSTOP)
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 0.0)
    life.look([child.pid])

    assert child.wait(60) == -signal.SIGKILL


def test_who_never_spoke_is_left_alone(life: PoolLife, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 0.0)
    life.look([os.getpid()])
    PoolLife().look([os.getpid()])
