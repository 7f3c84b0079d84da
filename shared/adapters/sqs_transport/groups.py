"""One message of a FIFO group at a time: order within a group, concurrency between groups."""

from __future__ import annotations

import threading
from collections import deque

from .leases import Lease

GroupKey = tuple[str, str]


class Groups:
    """The messages of each group that this consumer holds, oldest first; only the first may run. Thread-safe.

    One ReceiveMessage may return several messages of a group; given to a pool together they would run side by side.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._members: dict[GroupKey, deque[Lease]] = {}

    def enter(self, lease: Lease) -> bool:
        """Line up a message; whether it may run now. Again for one in line does not line it up twice.

        A message without a group, or off FIFO, always may.
        """
        key = _key(lease)
        if key is None:
            return True
        with self._lock:
            line = self._members.setdefault(key, deque())
            if lease not in line:
                line.append(lease)
            lease.waits_in_group = line[0] is not lease
            return not lease.waits_in_group

    def leave(self, lease: Lease) -> Lease | None:
        """Take out a message that is done; the one that may run next, if it still is ours."""
        key = _key(lease)
        with self._lock:
            line = self._members.get(key) if key else None
            if not line or key is None or line[0] is not lease:
                return None
            line.popleft()
            if not line:
                del self._members[key]
                return None
            line[0].waits_in_group = False
            return line[0]

    def dissolve(self, lease: Lease) -> list[Lease]:
        """Take out a message that will come back, and all behind it, which must not overtake it; those behind it."""
        key = _key(lease)
        with self._lock:
            line = self._members.get(key) if key else None
            if not line or key is None or lease not in line:
                return []
            position = line.index(lease)
            behind = list(line)[position + 1 :]
            del self._members[key]
            if position:
                self._members[key] = deque(list(line)[:position])
            return behind


def _key(lease: Lease) -> GroupKey | None:
    """What a message must not overtake, or None when it has no order."""
    return (lease.queue.name, lease.group) if lease.group and lease.queue.is_fifo else None
