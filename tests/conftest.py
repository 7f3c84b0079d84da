"""The environment of every test, and how a run is shared out among several processes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = ("reliability", "flows", "shared/adapters/monitoring", "workers", "web/realtime/sockets")
"""Folders whose tests share a platform, workers or servers: each goes to one process whole, the longest first."""
PROCESSES_A_CORE = 2
"""Most of a run is spent waiting for processes that start, and for time to pass."""


# Hundreds of processes are started: compiling all that each imports would take most of the processor's time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def environment_as_it_was() -> Iterator[None]:
    """Give each test the environment that the run began with: commands of ours add to it for their children."""
    kept = dict(os.environ)
    yield
    for name in os.environ.keys() - kept.keys():
        del os.environ[name]
    os.environ.update(kept)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` means."""
    return PROCESSES_A_CORE * len(os.sched_getaffinity(0))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares a server: a folder's tests, or else a file's; what takes long begins first."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=rank_of)


def group_of(item: pytest.Item) -> str:
    """Return what is run by one process."""
    file = item.path.relative_to(HERE).as_posix()
    return next((folder for folder in SHARED if file.startswith(f"{folder}/")), file)


def rank_of(item: pytest.Item) -> int:
    """Return the place of an item's group among those that take long, or one behind all of them."""
    group = group_of(item)
    return SHARED.index(group) if group in SHARED else len(SHARED)
