"""How many frames one connection may send."""

import time
from collections import deque
from typing import Protocol
from weakref import WeakValueDictionary

WINDOW_SECONDS = 2.0


class Admits(Protocol):
    """Counts frames."""

    def admit(self) -> bool:
        """Count one frame, and tell whether it may pass; a refused one is not counted."""

    def take_back(self) -> None:
        """Forget the frame that was counted last: it will be counted again."""


class FrameLimit:
    """At most so many frames in any two seconds, in the connection's own memory."""

    __slots__ = ("__weakref__", "_allowed", "_seen")

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


class SharedLimit:
    """A connection's own limit, and those that it shares with others; a frame passes where all of them let it."""

    __slots__ = ("_limits",)

    def __init__(self, *limits: Admits) -> None:
        """Ask these in turn."""
        self._limits = limits

    def admit(self) -> bool:
        """Count one frame, and tell whether it may pass; a refused one is not counted."""
        for number, limit in enumerate(self._limits):
            if not limit.admit():
                for asked in self._limits[:number]:
                    asked.take_back()
                return False
        return True

    def take_back(self) -> None:
        """Forget the frame that was counted last: it will be counted again."""
        for limit in self._limits:
            limit.take_back()


class PeoplesLimits:
    """The limits that a person's connections to this process share; they go with the last connection.

    A person whose connections lie on several processes has a share of each, so that all together keep the limit on a
    host of `processes`; frames are counted without asking anybody, since each is worth less than the question.
    """

    def __init__(self, *, per_connection: int, per_person: int, processes: int) -> None:
        """Allow one connection and one room so many frames, and all of a person's connections so many."""
        self._per_connection = per_connection
        self._per_person = max(per_connection, per_person // processes)
        self._shared: WeakValueDictionary[tuple[str, ...], FrameLimit] = WeakValueDictionary()

    def of(self, user_id: str, room_id: str | None) -> SharedLimit:
        """Return the limit of a new connection: its own, its person's in its room, and its person's."""
        own = FrameLimit(self._per_connection)
        person = self._known(self._per_person, user_id)
        if room_id is None:
            return SharedLimit(own, person)
        return SharedLimit(own, self._known(self._per_connection, user_id, room_id), person)

    def _known(self, allowed: int, *who: str) -> FrameLimit:
        limit = self._shared.get(who)
        if limit is None:
            limit = self._shared[who] = FrameLimit(allowed)
        return limit
