"""What fails in one place and must be told, or undone, without a handler at each."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from shared.kernel.logs import get_log

log = get_log()
Trace = TracebackType | None


class isolated:  # noqa: N801 - read as a verb, like contextlib's own
    """Let whatever fails inside cost itself alone: it is logged, and what comes behind has its turn.

    For one of many: a callback of somebody else's, one connection in a round, one message of a batch. A thread that is
    being ended ends all the same. It may be entered again and again, by several threads and within itself, so that
    a place where this happens for every message makes it once.
    """

    __slots__ = ("_event", "_fields")

    def __init__(self, event: str, **fields: Any) -> None:
        """Keep what is logged."""
        self._event, self._fields = event, fields

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: type[BaseException] | None, fault: BaseException | None, _at: Trace) -> bool:
        """Log a fault, and let it go no further."""
        if not isinstance(fault, Exception):
            return False
        log.error(self._event, exc_info=fault, **self._fields)
        return True


class undoing:  # noqa: N801 - read as a verb, like contextlib's own
    """Call something where the block fails, whatever it fails by, and let the failure go on."""

    __slots__ = ("_arguments", "_undo")

    def __init__(self, undo: Callable[..., object], *arguments: Any) -> None:
        """Keep what takes the block's beginning back."""
        self._undo, self._arguments = undo, arguments

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: type[BaseException] | None, fault: BaseException | None, _at: Trace) -> None:
        """Take back, where there was a failure."""
        if fault is not None:
            self._undo(*self._arguments)


class on_fault:  # noqa: N801 - as above
    """Call something with the fault where the block fails by one of ours or of others, and let the failure go on.

    A thread that is being ended, and a deadline of gevent's, are no faults: nothing is called.
    """

    __slots__ = ("_act", "_arguments")

    def __init__(self, act: Callable[..., object], *arguments: Any) -> None:
        """Keep what is called: with the fault first."""
        self._act, self._arguments = act, arguments

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: type[BaseException] | None, fault: BaseException | None, _at: Trace) -> None:
        """Tell of the fault, where there was one."""
        if isinstance(fault, Exception):
            self._act(fault, *self._arguments)
