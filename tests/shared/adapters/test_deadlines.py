"""How long an outside call may take."""

import contextvars

import pytest

from shared.adapters.deadlines import TaskDeadline, call_seconds
from shared.adapters.sqs_transport.deadlines import set_deadline
from shared.kernel.errors import Unavailable


def within(seconds: float | None, most: float) -> float:
    def ask() -> float:
        set_deadline(seconds)
        return call_seconds(most)

    return contextvars.copy_context().run(ask)


def test_a_call_may_take_what_its_adapter_grants() -> None:
    assert TaskDeadline().remaining() is None
    assert call_seconds(30.0) == 30.0
    assert within(100.0, 30.0) == 30.0


def test_near_the_deadline_it_may_take_less_and_after_it_nothing() -> None:
    assert 4 < within(5.0, 30.0) <= 5
    with pytest.raises(Unavailable):
        within(0.0, 30.0)
