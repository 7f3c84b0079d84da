"""A bounded queue from the reading thread to the one that runs the Receiver."""

import threading
from collections import deque

from web.realtime.sockets.limits import Limits


class Inbox:
    """Messages in order; `put` waits while too many do, so that nothing more is read and TCP slows the sender."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._weight = 0
        self._finished = False

    @property
    def is_full(self) -> bool:
        """Whether `put` waits."""
        return len(self._waiting) >= self._limits.max_waiting or self._weight >= self._limits.max_message

    def put(self, message: bytes, is_text: bool) -> None:
        """Add a message and wait while the inbox is full."""
        with self._changed:
            self._waiting.append((message, is_text))
            self._weight += len(message)
            self._changed.notify_all()
            while self.is_full and not self._finished:
                self._changed.wait()

    def take(self) -> tuple[bytes, bool] | None:
        """Return the next message, waiting for it, or None when finished and empty."""
        with self._changed:
            while not self._waiting and not self._finished:
                self._changed.wait()
            if not self._waiting:
                return None
            message, is_text = self._waiting.popleft()
            self._weight -= len(message)
            self._changed.notify_all()
            return message, is_text

    def finish(self) -> None:
        """Let `take` return None once what waits is taken."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def forget(self) -> None:
        """Drop what waits."""
        with self._changed:
            self._waiting.clear()
            self._weight = 0
