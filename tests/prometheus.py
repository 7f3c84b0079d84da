"""Debian's Prometheus and its promtool: found, or fetched and unpacked where apt may, without installing anything."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

PLACE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "speaktracker-prometheus"
FETCH_SECONDS = 120


@cache
def found(program: str) -> str | None:
    """Return where a program of the package `prometheus` is; None where it can neither be found nor fetched."""
    if installed := shutil.which(program):
        return installed
    unpacked = PLACE / "usr" / "bin" / program
    if not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        _fetch()
    return str(unpacked) if unpacked.exists() else None


def needed(program: str) -> str:
    """Return where a program is, or skip the test with the reason."""
    path = found(program)
    if path is None:
        pytest.skip(f"{program} (Debian's package `prometheus`) is neither installed nor to be had from apt")
    return path


def _fetch() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            ["apt-get", "download", "prometheus"], cwd=PLACE, check=True, capture_output=True, timeout=FETCH_SECONDS
        )
        package = next(iter(PLACE.glob("prometheus_*.deb")))
        subprocess.run(["dpkg", "-x", package.name, "."], cwd=PLACE, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError, StopIteration):
        return
