"""The environment of every test, and how a run is shared out among several processes."""

import os
import sys
import threading
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARED = (
    "tests/reliability",
    "tests/flows",
    "tests/browser",
    "tests/shared/adapters/monitoring",
    "tests/workers",
    "tests/web/realtime/sockets",
    "tests/production",
    "tests/graph_engine",
    "tests/speech",
)
"""Folders whose tests share a platform, workers or servers: each goes to one process whole, the longest first."""
PROCESSES_A_CORE = 1.5
"""Some of a run is spent waiting; more at once, each with a platform, and what is told to be there in time is not."""
LEFT_BEHIND = 100
"""Threads that a file of tests may leave, relays and clients: a thousand that only wait slow what runs beside them."""


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


@pytest.fixture(autouse=True, scope="module")
def few_threads_left_behind() -> Iterator[None]:
    """Refuse a file whose tests begin threads and never end them."""
    before = threading.active_count()
    yield
    left = [one.name for one in threading.enumerate()]
    assert len(left) - before < LEFT_BEHIND, sorted(left)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` means."""
    return int(PROCESSES_A_CORE * len(os.sched_getaffinity(0)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Hand out a shared folder's tests, or else a file's, to one process whole; what takes long begins first."""
    config.option.loadscopereorder = False
    return Groups(config, log)


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Keeps together what shares a server; xdist's own groups are names of marks, which pytest 9.2 no longer takes."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer another order, the same for the same number: a test that needs the one before it is found by it."""
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run files, and the tests in each, in another order")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    seed = config.getoption("shuffle")
    if seed is not None:
        chance = Random(seed)
        chance.shuffle(items)
        files = {item.nodeid.partition("::")[0]: chance.random() for item in items}
        items.sort(key=lambda item: files[item.nodeid.partition("::")[0]])
    items.sort(key=lambda item: rank_of(group_of(item.nodeid.partition("::")[0])))


def group_of(file: str) -> str:
    """Return what is run by one process: a folder, or a file."""
    return next((folder for folder in SHARED if file.startswith(f"{folder}/")), file)


def rank_of(group: str) -> int:
    """Return the place of a group among those that take long, or one behind all of them."""
    return SHARED.index(group) if group in SHARED else len(SHARED)
