"""What a killed platform left is ended by the next one, and nothing else is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.leftovers import RECORD, clean, record
from cli.run_directory import RunDirectory
from cli.running import Running, running

_IGNORES_TERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(99)"
)


@pytest.fixture
def directory(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "99"], start_new_session=True) as process:
        # Popen returns when exec has begun; for a moment after that /proc does not yet show the command.
        deadline = time.monotonic() + 10
        while running([process.pid])[process.pid].command != "sleep 99":
            assert time.monotonic() < deadline
        yield process
        process.kill()


def test_what_was_recorded_is_ended(directory: RunDirectory, sleeper: subprocess.Popen[bytes]) -> None:
    record(directory, [sleeper.pid])
    assert clean(directory) == 1
    assert sleeper.wait(60) < 0
    assert clean(directory) == 0


def test_a_process_that_took_over_the_number_is_left_alone(
    directory: RunDirectory, sleeper: subprocess.Popen[bytes]
) -> None:
    found = running([sleeper.pid])[sleeper.pid]
    for change in ({"command": "valkey-server"}, {"started": "0"}):
        directory.write(RECORD, {"processes": [{**found.as_json(), **change}]})
        assert clean(directory) == 0
        assert sleeper.poll() is None


def test_neither_our_own_group_nor_what_we_started_is_ever_ended(
    directory: RunDirectory, sleeper: subprocess.Popen[bytes]
) -> None:
    ourselves = running([os.getpid()])[os.getpid()]
    directory.write(RECORD, {"processes": [ourselves.as_json()]})
    assert clean(directory) == 0
    assert sleeper.poll() is None


def test_who_does_not_hear_is_killed(directory: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.leftovers.GRACE_SECONDS", 0.3)
    command = [sys.executable, "-c", _IGNORES_TERM]
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        record(directory, [process.pid])
        assert clean(directory) == 1
        assert process.wait(60) == -9


def test_a_process_is_known_again_by_number_start_and_command() -> None:
    one = Running(7, 1, 7, "100", "sleep 99")
    assert one.is_same(Running(7, 5, 7, "100", "sleep 99"))
    assert not one.is_same(Running(7, 1, 7, "101", "sleep 99"))
    assert Running.from_json(one.as_json()) == one
