"""How a person or a supervisor ends `up`: the first signal stops everything in order, a second one at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Raised at the first signal; not an Exception, so that no handler of failures catches it."""


class Stopping:
    """Raises Stopped where the main thread is at the first signal; later ones are only remembered."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._begun = False
        self._impatient = threading.Event()

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody asked again while everything was being stopped."""
        return self._impatient.is_set()

    def begin(self) -> None:
        """Stop now: from here on a signal asks for hurry and interrupts nothing."""
        self._begun = True

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Listen to signals inside; put back afterwards what was."""
        before = {number: signal.signal(number, self._asked) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        if self._begun:
            self._impatient.set()
            return
        self._begun = True
        raise Stopped
