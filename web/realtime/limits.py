"""How many frames one connection may send."""

import time
from collections import deque

WINDOW_SECONDS = 2.0


class FrameLimit:
    """At most so many frames in any two seconds, in the connection's own memory."""

    __slots__ = ("_allowed", "_seen")

    def __init__(self, allowed: int) -> None:
        """Allow so many."""
        self._allowed = allowed
        self._seen: deque[float] = deque()

    def admit(self) -> bool:
        """Count one frame, and tell whether it may pass; a refused one is not counted."""
        now = time.monotonic()
        while self._seen and now - self._seen[0] >= WINDOW_SECONDS:
            self._seen.popleft()
        if len(self._seen) >= self._allowed:
            return False
        self._seen.append(now)
        return True

    def take_back(self) -> None:
        """Forget the frame that was counted last: it will be counted again."""
        if self._seen:
            self._seen.pop()
