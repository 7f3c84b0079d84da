"""Leases: our claims on received messages, and what may still happen to them."""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .options import LONGEST_LEASE_SECONDS
from .queues import Queue


class Ending(enum.Enum):
    """What SQS is to be told about a message; the first ending of a lease holds."""

    DELETE = "delete"
    RELEASE = "release"
    MOVE = "move"
    FORGET = "forget"


@dataclass(eq=False, slots=True)
class Lease:
    """One received message and our claim on it; times are monotonic unless they say otherwise."""

    tag: str
    queue: Queue
    handle: str
    message_id: str
    body: str
    receives: int
    group: str | None
    sent_at: float
    attributes: Mapping[str, Any]
    received_at: float
    lease_seconds: float
    until: float = 0.0
    renew_until: float = 0.0
    task_id: str | None = None
    retry_after: float | None = None
    waits_in_group: bool = False
    is_last_resort: bool = False
    begun: bool = False
    lost: bool = False
    ending: Ending | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Count the lease from the receive, and never renew it past SQS's own ceiling."""
        self.extend(self.received_at, self.lease_seconds)
        self.renew_until = self.received_at + LONGEST_LEASE_SECONDS - 120

    def extend(self, asked_at: float, seconds: float) -> None:
        """Count the lease anew. The last tenth is left out: SQS's clock began before its answer reached us."""
        self.until = asked_at + seconds - min(1.0, seconds / 10)

    def begin(self) -> bool:
        """Claim the right to run it; False when it was handed back or lost. Safe against a hand-back in that instant.

        Without this gate a thread that takes a job while the worker hands it back would run it beside the next worker.
        """
        with self._lock:
            self.begun = self.begun or self.is_ours()
            return self.begun

    def is_ours(self) -> bool:
        """Whether it may still be begun: no ending, not lost, not run out while this process was suspended."""
        return self.ending is None and not self.lost and time.monotonic() < self.until

    def end(self, ending: Ending, *, unless_begun: bool = False) -> bool:
        """Choose what becomes of the message; False when that was chosen before, or it is being run."""
        with self._lock:
            if self.ending is not None or (unless_begun and self.begun):
                return False
            self.ending = ending
            return True

    def lose(self) -> bool:
        """Note that the claim is gone; False when that was known. What runs goes on, what has not begun never will."""
        with self._lock:
            first, self.lost = not self.lost, True
            return first

    def is_due(self, now: float) -> bool:
        """Whether it should be renewed: 40 % used, wanted, and neither too old nor past its task's deadline.

        An acknowledged message is renewed until SQS has taken the delete, or it would run again in an outage.
        """
        wanted = not self.lost and self.ending is not Ending.RELEASE
        return wanted and now < self.renew_until and self.until - now < 0.6 * self.lease_seconds

    def longest_pause(self) -> float:
        """The longest further invisibility that SQS would accept for it, in seconds."""
        return max(0.0, LONGEST_LEASE_SECONDS - (time.monotonic() - self.received_at) - 60)


class LeaseTable:
    """All leases of one consumer, by delivery tag. Safe from any thread."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._changed = threading.Condition()

    def add(self, leases: list[Lease]) -> None:
        """Take note of received messages."""
        with self._changed:
            self._leases.update((lease.tag, lease) for lease in leases)

    def get(self, tag: str) -> Lease | None:
        """The lease with this delivery tag, or None when it is over."""
        return self._leases.get(tag)

    def drop(self, lease: Lease) -> None:
        """Forget a lease that is over."""
        with self._changed:
            self._leases.pop(lease.tag, None)

    def freed(self) -> None:
        """Wake the receivers: somewhere room came free."""
        with self._changed:
            self._changed.notify_all()

    def wait_for_change(self, seconds: float) -> None:
        """Wait until room came free, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    def held(self) -> int:
        """How many messages take up prefetch room: given out and not ended. Those behind their group's head do not."""
        return sum(1 for lease in self if lease.ending is None and not lease.waits_in_group)

    def held_of(self, queue: str) -> int:
        """How many messages of one queue are given out and not ended, those that wait in their group included."""
        return sum(1 for lease in self if lease.ending is None and lease.queue.name == queue)

    def waiting(self) -> int:
        """How many messages wait behind another of their group."""
        return sum(1 for lease in self if lease.ending is None and lease.waits_in_group)

    def __iter__(self) -> Iterator[Lease]:
        """Go over a copy, so that other threads may change the table meanwhile."""
        with self._changed:
            return iter(list(self._leases.values()))

    def __len__(self) -> int:
        """How many leases are known, ended ones that SQS has not been told of included."""
        return len(self._leases)
