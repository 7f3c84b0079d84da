"""Two things at once: the same context, one result, and nothing that goes on behind the block."""

import threading
from contextvars import ContextVar

import pytest

from shared.kernel.beside import beside

SECONDS = 10.0


def test_both_go_on_at_the_same_time_in_the_same_context() -> None:
    name, met = ContextVar("name", default="nobody"), threading.Barrier(2)
    name.set("ann")

    def work() -> str:
        met.wait(SECONDS)
        return name.get()

    with beside(work) as found:
        met.wait(SECONDS)
        assert (found(), found()) == ("ann", "ann")


def test_a_failure_is_raised_where_it_is_asked_for() -> None:
    def work() -> None:
        raise LookupError("nothing here")

    with beside(work) as found, pytest.raises(LookupError):
        found()


def test_a_block_that_fails_leaves_no_thread_behind() -> None:
    may_end = threading.Event()

    def fail() -> None:
        with beside(lambda: may_end.wait(SECONDS)):
            may_end.set()
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    assert not [one for one in threading.enumerate() if one.name.startswith("beside")]
