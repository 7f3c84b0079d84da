"""What the consumers of this process are doing: for probes, metrics, and a worker that must not stay deaf."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """One queue as its receiver sees it."""

    queue: str
    seconds_since_receive: float
    failures_in_a_row: int


class Health:
    """Counters and hearing of one consumer. Safe from any thread; counters only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._received: Counter[str] = Counter()
        _known.add(self)

    def heard(self, queue: str) -> None:
        """SQS answered a receive, with messages or without; or there was no room, so nothing was asked."""
        with self._lock:
            self._heard[queue] = self._clock()
            self._failures.pop(queue, None)

    def failed(self, queue: str) -> int:
        """A receive failed; how many have in a row."""
        with self._lock:
            self._failures[queue] += 1
            self._counts["receive_failures"] += 1
            return self._failures[queue]

    def count(self, what: str, times: int = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self._counts[what] += times

    def received(self, queue: str, messages: int) -> None:
        """A receive of a queue brought messages."""
        with self._lock:
            self._received[queue] += messages

    def forget(self, queue: str) -> None:
        """The queue is no longer consumed."""
        with self._lock:
            self._heard.pop(queue, None)
            self._failures.pop(queue, None)

    def queues(self) -> list[QueueHealth]:
        """Each consumed queue, and the seconds since its last successful receive."""
        with self._lock:
            now = self._clock()
            return [QueueHealth(name, now - at, self._failures[name]) for name, at in self._heard.items()]

    def counters(self) -> dict[str, int]:
        """All counters: receives, messages, renewals, lost leases, deletes, releases, moves, failures of each."""
        with self._lock:
            return dict(self._counts)

    def messages(self) -> dict[str, int]:
        """How many messages each queue brought."""
        with self._lock:
            return dict(self._received)


_known: weakref.WeakSet[Health] = weakref.WeakSet()
#: A pool process consumes nothing, though it inherits what its parent knew.
os.register_at_fork(after_in_child=_known.clear)


def queue_health() -> list[QueueHealth]:
    """Every queue that this process consumes; empty where nothing is consumed (also in pool processes)."""
    return [queue for health in list(_known) for queue in health.queues()]


def counters() -> dict[str, int]:
    """The counters of all consumers of this process, added up."""
    total: Counter[str] = Counter()
    for health in list(_known):
        total.update(health.counters())
    return dict(total)


def received() -> dict[str, int]:
    """How many messages each queue brought to this process."""
    total: Counter[str] = Counter()
    for health in list(_known):
        total.update(health.messages())
    return dict(total)
