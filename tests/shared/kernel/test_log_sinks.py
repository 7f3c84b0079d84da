"""A log line that cannot be written costs that line and nothing else."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shared.kernel import log_sinks
from shared.kernel.log_sinks import Sink, appended_file, lost_lines

PROGRAM = """
import logging, sys
from shared.kernel.log_sinks import make_printing_harmless
from shared.kernel.logs import configure_logs, get_log
from shared.kernel.settings import Settings

class Unshowable:
    def __repr__(self):
        raise RuntimeError("no")

configure_logs(Settings(log_file=sys.argv[1], aws_endpoint_url="http://127.0.0.1:1"), "test")
for number in range(2_000):
    get_log().info("line", number=number, text="x" * 100)
get_log().info("surrogate", text="\\ud800")
get_log().info("unshowable", value=Unshowable())
logging.getLogger("library").warning("%d of %s", "not a number")
make_printing_harmless()
print("x" * 100_000, flush=True)
print("\\ud800", file=sys.stderr, flush=True)
sys.exit(7)
"""


def run(log_file: str, output: int) -> int:
    program = [sys.executable, "-c", PROGRAM, log_file]
    return subprocess.run(program, stdout=output, stderr=output, timeout=120, check=False).returncode


def test_a_full_disk_and_a_full_device_stop_nobody() -> None:
    with open("/dev/full", "wb") as full:
        assert run("/dev/full", full.fileno()) == 7


def test_a_pipe_that_nobody_empties_holds_up_nobody_and_loses_only_what_it_cannot_take(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    try:
        assert run(str(tmp_path / "log"), writer) == 7
        is_still_waiting = not fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK
        assert is_still_waiting  # the pipe's other writers are not bound by how we write
    finally:
        os.close(reader)
        os.close(writer)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["number"] for line in lines if line["event"] == "line"] == list(range(2_000))
    assert lines[2_000]["text"] == "\ud800"
    assert lines[-1]["event"] == "%d of %s"


def test_a_closed_pipe_stops_nobody(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert run(str(tmp_path / "log"), writer) == 7
    finally:
        os.close(writer)


def test_a_socket_as_systemd_gives_holds_up_nobody(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert run(str(tmp_path / "log"), theirs.fileno()) == 7


def test_a_log_file_that_cannot_be_opened_stops_nobody(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none" / "log"), subprocess.DEVNULL) == 7


def test_what_was_lost_is_counted_and_said_when_there_is_room_again() -> None:
    taken: list[bytes] = []
    room = [0, 5, 0, 1_000]

    def channel(data: bytes) -> int:
        taken.append(data[: room.pop(0)])
        return len(taken[-1])

    before = lost_lines()
    sink = Sink(channel)
    for number in range(4):
        sink.write(f"line {number}")

    assert lost_lines() - before == 3
    assert b"".join(taken).decode().splitlines() == [
        '{"eve',
        '{"event": "log.lines_lost", "lines": 3}',
        "line 3",
    ]


def test_a_file_takes_whole_lines(tmp_path: Path) -> None:
    sink = appended_file(str(tmp_path / "log"))
    sink.write("a")
    sink.write("ㅎ")

    assert (tmp_path / "log").read_text() == "a\nㅎ\n"


def test_a_file_that_was_set_aside_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_sinks, "LOOK_SECONDS", 0.0)
    path = tmp_path / "log"
    sink = appended_file(str(path))
    sink.write("one")
    path.rename(tmp_path / "log.1")
    sink.write("two")
    path.unlink()
    sink.write("three")
    assert (tmp_path / "log.1").read_text() == "one\n"
    assert path.read_text() == "three\n"
