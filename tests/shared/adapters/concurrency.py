"""Doing things at once, and waiting for what others do."""

import threading
import time
from collections.abc import Callable
from typing import Any

DEADLINE_SECONDS = 60.0


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Call work(0) to work(count - 1) at the same moment; return what each returned or raised."""
    outcomes: list[Any] = [None] * count
    ready = threading.Barrier(count)

    def run(number: int) -> None:
        ready.wait(DEADLINE_SECONDS)
        try:
            outcomes[number] = work(number)
        except Exception as problem:  # an outcome like any other: the caller counts them
            outcomes[number] = problem

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def until(condition: Callable[[], Any], seconds: float = DEADLINE_SECONDS) -> None:
    """Return as soon as the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.005)
