"""The platform to measure: the one that runs already, else one of our own in a temporary directory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.demo_platform import RunningPlatform, find_platform
from cli.own_platform import own_platform


@contextmanager
def platform_to_measure(directory: Path) -> Iterator[RunningPlatform]:
    """Give the platform that runs from a directory; where none does, start one and stop it afterwards."""
    if (directory / "state.json").exists():
        yield find_platform(directory)
        return
    print("Nothing runs from here: starting a platform of our own.", flush=True)
    with tempfile.TemporaryDirectory() as own, own_platform(Path(own) / "run") as started:
        yield started.platform
