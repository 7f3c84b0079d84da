"""The thread pool, without a worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from bench.queue_rig import until
from shared.adapters.sqs_transport.deadlines import deadline, remaining
from shared.adapters.sqs_transport.pool import TaskPool
from shared.adapters.sqs_transport.request import NotOurs


class _Calls:
    """A job's callbacks, noted."""

    def __init__(
        self,
        pool: TaskPool,
        target: Callable[[], Any],
        accept: Callable[..., Any] = lambda *_: None,
        limit: float = 5.0,
    ) -> None:
        self.done = threading.Event()
        self.results: list[Any] = []
        self.job = pool.on_apply(
            target, callback=self._note, error_callback=self._note, accept_callback=accept, timeout=limit
        )

    def _note(self, result: Any) -> None:
        self.results.append(result)
        self.done.set()


def test_pool_grows_shrinks_and_gives_deadlines() -> None:
    pool = TaskPool(2)
    pool.on_start()
    gate = threading.Event()
    blocked = [_Calls(pool, gate.wait) for _ in range(3)]
    until(lambda: pool._get_info()["running"] == 2, 5, "two run")
    pool.grow(2)
    until(lambda: pool._get_info()["running"] == 3, 5, "three run")
    timed = _Calls(pool, lambda: (deadline(), remaining()))
    assert timed.done.wait(60)
    end, left = timed.results[0]
    assert 4 < left <= 5
    assert end > time.monotonic()
    assert deadline() is None
    pool.shrink(3)
    gate.set()
    until(lambda: pool._get_info()["threads"] == 1, 5, "one thread is left")
    assert all(one.done.wait(60) for one in blocked)
    assert _Calls(pool, lambda: 1).done.wait(60)
    pool.on_stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_unasked_is_replaced() -> None:
    pool = TaskPool(2)
    pool.on_start()
    first = set(pool._threads)

    def end_the_thread(*_: object) -> None:
        raise SystemExit

    for _ in first:
        assert _Calls(pool, lambda: 1, accept=end_the_thread).job.finished.wait(60)
    until(lambda: not any(thread.is_alive() for thread in first), 5, "both are gone")
    pool.check()

    assert _Calls(pool, lambda: 2).done.wait(60)
    assert len(pool._threads) == 2
    pool.on_stop()


def test_a_pool_does_not_grow_by_less_than_one() -> None:
    pool = TaskPool(2)
    for change in (pool.grow, pool.shrink):
        with pytest.raises(ValueError, match="cannot"):
            change(-2)
    assert pool.limit == 2


def test_pool_does_not_run_what_was_handed_back() -> None:
    pool = TaskPool(1)
    pool.on_start()

    def refuse(*_: object) -> None:
        raise NotOurs("gone")

    refused = _Calls(pool, lambda: 1, accept=refuse)
    assert _Calls(pool, lambda: 2).done.wait(60)
    assert refused.results == []
    pool.on_stop()


def test_pool_survives_errors_and_forgets_what_it_has_not_begun() -> None:
    pool = TaskPool(1)
    pool.on_start()

    def fail() -> None:
        raise ValueError("inside")

    failed = _Calls(pool, fail)
    assert failed.done.wait(60)
    gate = threading.Event()
    running, forgotten = _Calls(pool, gate.wait), _Calls(pool, lambda: 1)
    until(lambda: pool._get_info()["running"] == 1, 5, "one runs")
    pool.flush()
    gate.set()
    pool.on_stop()
    assert running.results == [True]
    assert forgotten.results == []


def test_pool_asks_for_the_end_once_when_a_task_is_stuck() -> None:
    pool = TaskPool(2)
    asked: list[int] = []
    pool.end_process = lambda: asked.append(1)
    pool.on_start()
    gate = threading.Event()
    stuck = _Calls(pool, gate.wait, limit=0.05)
    pool.check()
    assert asked == []
    until(lambda: stuck.job.is_stuck(time.monotonic()), 5, "it is stuck")
    pool.check()
    pool.check()
    assert asked == [1]
    pool.on_stop()  # does not wait for it
    assert not stuck.done.is_set()
    gate.set()
