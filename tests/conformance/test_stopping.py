"""SIGTERM: what runs finishes, what has not begun goes back at once, and nothing runs twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bench.queue_rig import Rig, until

POOLS = ["", "threads", "shared.adapters.sqs_transport.pool:TaskPool"]


@pytest.mark.parametrize("pool", [POOLS[0], pytest.param(POOLS[1], marks=pytest.mark.long), POOLS[2]])
def test_stop_hands_back(make_rig: Callable[..., Rig], transport: str, pool: str) -> None:
    if transport == "stock" and pool:
        pytest.skip("one pool is enough on stock")
    rig = make_rig(transport=transport, lease_seconds=60, wait_seconds=1, prefetch=4, pool=pool)
    worker = rig.start(concurrency=2)
    for number in range(8):
        rig.send("slow", f"task{number}", 2.5)
    rig.wait_mark("begin", times=2)
    until(lambda: rig.emulator.counts("q")["in_flight"] == 8, 5, "all are prefetched")

    worker.terminate()
    until(lambda: rig.emulator.counts("q")["ready"] == 6, 1, "what has not begun is ready again")
    assert worker.is_alive()
    assert worker.wait_end(15) == 0
    assert len(rig.marks("begin")) == 2
    assert len(rig.marks("end")) == 2
    assert rig.emulator.counts("q") == {"ready": 6, "in_flight": 0, "delayed": 0}


@pytest.mark.parametrize("pool", [POOLS[0], POOLS[2]])
def test_a_busy_stop_ends_in_time_and_hands_back(make_rig: Callable[..., Rig], pool: str) -> None:
    """A supervisor would kill it, and each message would stay hidden for the rest of its lease."""
    rig = make_rig(lease_seconds=60, wait_seconds=1, prefetch=1, pool=pool, options={"stop_seconds": 1})
    worker = rig.start(concurrency=2)
    for number in range(2):
        rig.send("slow", f"task{number}", 300)
    rig.wait_mark("begin", times=2)

    worker.terminate()
    assert worker.wait_end(10) == 0
    until(lambda: rig.emulator.counts("q")["ready"] == 2, 5, "both are there for others")
    assert rig.marks("end") == []


def test_poll_under_way_is_returned(make_rig: Callable[..., Rig]) -> None:
    """A message that the last poll still brings does not stay hidden for a lease."""
    rig = make_rig(lease_seconds=60, wait_seconds=2)
    worker = rig.start(concurrency=1)
    rig.send("slow", "last", 1)
    rig.wait_mark("begin", "last")
    worker.terminate()
    until(lambda: "handed back" in worker.log.read_text(), 3, "it is stopping")
    rig.send("quick", "late")

    worker.wait_end(15)
    assert rig.marks("quick", "late") == []
    assert rig.emulator.counts("q") == {"ready": 1, "in_flight": 0, "delayed": 0}


@pytest.mark.long
@pytest.mark.parametrize("pool", POOLS)
def test_stops_under_load_run_nothing_twice(make_rig: Callable[..., Rig], pool: str) -> None:
    """Short tasks, and SIGTERM again and again: the instant between two tasks is the one that can go wrong."""
    rig = make_rig(lease_seconds=60, wait_seconds=1, prefetch=4, pool=pool)
    for number in range(1500):
        rig.send("quick", str(number))
    for _ in range(6):
        before = len(rig.marks("quick"))
        worker = rig.start(concurrency=4, level="WARNING", ready=False)
        rig.wait_mark("quick", times=before + 60, seconds=30)
        worker.terminate()
        worker.wait_end(20)
    rig.start(concurrency=4)
    rig.wait_empty(60)

    names = [mark[3] for mark in rig.marks("quick")]
    assert sorted(names, key=int) == [str(number) for number in range(1500)]


@pytest.mark.long
def test_stuck_thread_drains_the_worker(make_rig: Callable[..., Rig]) -> None:
    """Past its limit a thread loses its lease, so another worker has the task; past twice the limit it ends."""
    rig = make_rig(lease_seconds=1, wait_seconds=1, prefetch=1, pool=POOLS[2])
    worker = rig.start(concurrency=2)
    rig.send("limited", "stuck", 60)
    began = rig.wait_mark("begin", "stuck")[0]
    assert 1.8 <= float(began[4]) <= 2.0
    rig.wait_mark("begin", "stuck", times=2)

    started = time.monotonic()
    assert worker.wait_end(15) == 0
    assert time.monotonic() - started < 12
    assert rig.marks("end", "stuck") == []
    until(lambda: rig.emulator.counts("q")["ready"] == 1, 10, "its message is there for others")
