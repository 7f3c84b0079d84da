"""The deadline of the running task, which the task can read."""

from __future__ import annotations

import time
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("task_deadline", default=None)


def deadline() -> float | None:
    """The running task's deadline on the monotonic clock, or None when it has no time limit."""
    return _deadline.get()


def remaining() -> float | None:
    """Seconds left to the running task, never below 0, or None without a limit: the bound for a client's time-out."""
    end = _deadline.get()
    return None if end is None else max(0.0, end - time.monotonic())


def set_deadline(seconds: float | None) -> None:
    """Set the deadline of this context, in seconds from now; None removes it."""
    _deadline.set(None if seconds is None else time.monotonic() + seconds)
