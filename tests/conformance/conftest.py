"""The suite over both transports: what runs quickly, what only in the long form, and where stock is known to fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bench.queue_rig import Rig

LONG = "CONFORMANCE_LONG"

#: What kombu 5.7.0's own transport is known to get wrong, by the beginning of the test's name with its case.
STOCK_FAILS = {
    "test_poison": "ends the worker, or deletes the message without a trace (kombu#2421)",
    "test_unknown_task": "deletes a task that this worker does not have",
    "test_receive_fault": "one error answer ends the worker or leaves it deaf (celery#5072, kombu#2488)",
    "test_delete_fault": "a delete that fails is not repeated, or ends the worker",
    "test_countdown_longer_than_lease": "held in the worker and received again (celery#3270)",
    "test_task_longer_than_lease": "no renewal: the task runs twice",
    "test_countdown_hops": "held in the worker and received again (celery#3270)",
    "test_hand_back_with_delay": "no delay of the task's choosing, and the task is not told its receives",
    "test_life_leaves_nothing": "the task that kills its process is redelivered for ever",
    "test_pool_process_killed": "redelivered at once for ever, without a back-off",
    "test_stop_hands_back": "prefetched messages go back only when the running tasks have ended (celery#10172)",
    "test_fifo_order": "several messages of a group run side by side",
    "test_call_budget": "one delete a message",
    "test_chaos": "duplicates, and workers that end themselves",
}
#: What runs on stock in the quick form, to see that the suite does measure both.
QUICK_ON_STOCK = ("test_argument_sizes",)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"long: takes minutes; runs with {LONG}=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        if _transport(item) == "stock":
            _mark_stock(item)
        if item.get_closest_marker("long") and not os.environ.get(LONG):
            item.add_marker(pytest.mark.skip(reason=f"long; runs with {LONG}=1"))


def _transport(item: pytest.Item) -> str | None:
    params: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    chosen = params.get("transport") or params.get("life", (None,))[0]
    return None if chosen is None else str(chosen)


def _mark_stock(item: pytest.Item) -> None:
    if not item.name.startswith(QUICK_ON_STOCK):
        item.add_marker(pytest.mark.long)
    for name, reason in STOCK_FAILS.items():
        if item.name.startswith(name):
            item.add_marker(pytest.mark.xfail(strict=False, reason=f"stock: {reason}"))


@pytest.fixture(params=["ours", "stock"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def _credentials() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    with ExitStack() as stack:

        def make(**chosen: Any) -> Rig:
            folder = tmp_path / f"rig{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return stack.enter_context(Rig(folder, **chosen))

        yield make
