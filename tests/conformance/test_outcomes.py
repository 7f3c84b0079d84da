"""A message is deleted where its task said that it has ended, and in no other case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.queue_rig import Rig
from bench.queue_worker import ENDINGS

THREADS = "shared.adapters.sqs_transport.pool:TaskPool"
COME_BACK = ("silent", "a result", *(how for how in ENDINGS if how != "settled"))


@pytest.fixture(scope="module", params=["", THREADS], ids=["processes", "pool"])
def ending(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One worker that is given every ending at once."""
    with Rig(tmp_path_factory.mktemp("life"), pool=request.param, wait_seconds=1) as rig:
        for how in ENDINGS.keys() | set(COME_BACK):
            rig.send("ends", how.replace(" ", "-"), how)
        rig.start(concurrency=3)
        yield rig


@pytest.mark.parametrize("how", COME_BACK)
def test_what_does_not_say_that_it_ended_comes_back(ending: Rig, how: str) -> None:
    """A bug, a result nobody meant, an end of the process: the next run has its turn."""
    marks = ending.wait_mark("ends", how.replace(" ", "-"), seconds=20, times=2)

    assert [mark[4] for mark in marks] == ["1", "2"]


def test_what_is_settled_is_deleted(ending: Rig) -> None:
    ending.wait_empty(20)

    assert [mark[4] for mark in ending.marks("ends", "settled")] == ["1"]
    assert ending.workers[0].is_alive()
    assert ending.emulator.letters("q-dlq") == []
