"""Logs of programs: followed through rotation, shown as one line each."""

import json
from pathlib import Path

from cli.following import Follower, last_lines
from cli.rendering import render


def test_only_what_is_new_and_whole_is_given(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_text("old\n")
    follower = Follower(path)
    with path.open("a") as log:
        log.write("one\ntw")
        log.flush()
        assert list(follower.lines()) == ["one"]
        log.write("o\n")
    assert list(follower.lines()) == ["two"]
    follower.close()


def test_a_rotated_file_loses_no_line(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    follower = Follower(path)
    assert list(follower.lines()) == []
    path.write_text("one\n")
    assert list(follower.lines()) == ["one"]
    with path.open("a") as log:
        log.write("two\n")
    path.rename(tmp_path / "web.log.1")
    path.write_text("three\n")
    assert list(follower.lines()) == ["two", "three"]
    follower.close()


def test_a_json_line_is_read() -> None:
    line = json.dumps(
        {"event": "refused", "timestamp": "2026-01-02T03:04:05.678Z", "level": "warning", "process": "web", "code": 404}
    )
    assert render("web", line).plain.split(maxsplit=1) == ["web", "03:04:05 warning refused code=404"]


def test_of_a_traceback_its_last_line_is_shown() -> None:
    line = json.dumps({"event": "failed", "level": "error", "exception": "Traceback\n  x\nValueError: no"})
    assert render("web", line).plain.endswith("failed ValueError: no")


def test_any_other_line_is_shown_as_it_is() -> None:
    for line in ("Booting [worker] {pid}", '{"not an event": 1}', "{broken", '["a list"]'):
        assert render("web", line).plain.endswith(line)


def test_last_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    assert last_lines(path, 2) == []
    path.write_text("one\ntwo\nthree\n")
    assert last_lines(path, 2) == ["two", "three"]
