"""The run directory: one platform at a time, secrets that stay, files that are whole."""

import stat
from pathlib import Path

import click
import pytest

from cli import run_directory
from cli.run_directory import RunDirectory


def test_only_one_holds_it(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    with directory.locked(), pytest.raises(click.ClickException, match="already runs from"), directory.locked():
        pytest.fail("two hold it")
    with directory.locked():
        pass  # and it can be had again


def test_a_secret_is_random_kept_and_private(tmp_path: Path) -> None:
    kept = RunDirectory(tmp_path / "run").secret("cursorKey")
    assert len(kept) >= 32
    assert RunDirectory(tmp_path / "run").secret("cursorKey") == kept
    assert RunDirectory(tmp_path / "other").secret("cursorKey") != kept
    assert stat.S_IMODE((tmp_path / "run" / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_file_that_was_cut_short_reads_as_empty(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    (tmp_path / "ports.json").write_text('{"web": 80')
    assert directory.read("ports.json") == {}
    assert directory.read("nothing.json") == {}


def test_a_log_that_grew_too_large_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_directory, "LARGEST_LOG_BYTES", 3)
    directory = RunDirectory(tmp_path)
    directory.log.write_text("long")
    directory.bound_log()
    assert not directory.log.exists()
    assert (tmp_path / "log.jsonl.1").read_text() == "long"
