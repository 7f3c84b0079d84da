"""Two things at once in one job: what waits for others goes on beside what computes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

Found = TypeVar("Found")


@contextmanager
def beside(work: Callable[[], Found]) -> Iterator[Callable[[], Found]]:
    """Do something in a thread of its own while the block runs, with the block's context (correlation, traces).

    What is given waits for the thread, and returns or raises as the work did, each time that it is called. The block's
    end waits for the thread too, so that nothing of a job goes on behind it; a failure that nobody asked for is lost.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="beside") as thread:
        yield thread.submit(copy_context().run, work).result
