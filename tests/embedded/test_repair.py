"""Object files that a crash cut short are finished or removed before they are served."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from embedded.aws.repair import repair_objects


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """An object with its sidecar, both whole."""
    path = tmp_path / "000000000000" / "voices" / "tts" / "one.mp3"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old")
    sidecar(path).write_text(json.dumps({"content_type": "audio/mpeg", "size": 3, "etag": '"old"', "checksums": {}}))
    return path


def sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".meta.json")


def test_whole_objects_are_left_alone(tmp_path: Path, stored: Path) -> None:
    assert repair_objects(tmp_path) == 0
    assert stored.read_bytes() == b"old"


def test_content_newer_than_its_sidecar_gets_its_true_size_and_checksum(tmp_path: Path, stored: Path) -> None:
    stored.write_bytes(b"newer")
    written = sidecar(stored).stat().st_mtime_ns
    os.utime(stored, ns=(written + 1, written + 1))
    assert repair_objects(tmp_path) == 1
    known = json.loads(sidecar(stored).read_text())
    assert known["etag"] == f'"{hashlib.md5(b"newer", usedforsecurity=False).hexdigest()}"'
    assert (known["size"], known["content_type"]) == (5, "audio/mpeg")
    assert repair_objects(tmp_path) == 0


def test_what_was_never_acknowledged_goes(tmp_path: Path, stored: Path) -> None:
    lone, half = stored.with_name("lone.mp3"), stored.with_name("one.mp3.tmp")
    lone.write_bytes(b"no sidecar")
    half.write_bytes(b"ha")
    assert repair_objects(tmp_path) == 2
    assert not lone.exists()
    assert not half.exists()
    assert stored.exists()


def test_a_directory_that_is_not_there_needs_no_repair(tmp_path: Path) -> None:
    assert repair_objects(tmp_path / "nothing") == 0
