"""Telling SQS what became of messages: deleted, visible again, or moved to another queue, in batches."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.kernel.loops import forever

from .backoff import pause
from .batches import batches, refusals
from .clients import calling_client
from .envelope import size_of
from .errors import CALL_FAILED, LEASE_GONE, NEVER_TAKEN, error_code
from .health import Health
from .leases import Ending, Lease, LeaseTable
from .options import Options
from .queues import Queue

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Outcome:
    """What SQS is to be told about one message; a move that is refused for good becomes a release with the pause."""

    lease: Lease
    ending: Ending
    pause: int = 0
    target: Queue | None = None
    entry: dict[str, Any] | None = None
    attempts: int = 0
    not_before: float = 0.0
    goes_alone: bool = False

    @property
    def address(self) -> str:
        """The queue that the call goes to."""
        return self.target.url if self.ending is Ending.MOVE and self.target else self.lease.queue.url

    def size(self) -> int:
        """The bytes that it takes in a batch of sends; more than any holds where it is to go alone."""
        if self.goes_alone:
            return sys.maxsize
        return size_of(self.entry["MessageBody"]) + 1024 if self.entry else 0


class Outcomes:
    """One thread that tells SQS, ten at a time, without lingering: what gathers during a call is the next batch.

    (A linger of 50 ms cost 53 duplicates in 11 kills, none cost 1, at the same number of calls under load.) A call
    that fails is made again with backoff, without end; the lease is renewed meanwhile. A message is moved by sending
    first and deleting after, so a crash between the two leaves it twice, never not at all.
    """

    def __init__(self, options: Options, table: LeaseTable, health: Health) -> None:
        self._options, self._table, self._health = options, table, health
        self._todo: deque[Outcome] = deque()
        self._failed: list[Outcome] = []
        self._wake = threading.Condition()
        self._closed = False
        self._taken: list[Outcome] = []
        self._loop = forever("sqs-outcomes", self._turn)

    def tell(self, outcome: Outcome) -> None:
        """Leave an outcome to be told. Safe from any thread; never blocks on the network."""
        with self._wake:
            self._todo.append(outcome)
            self._wake.notify()
        self._table.freed()

    def close(self, seconds: float) -> bool:
        """Tell what is left, at most so long; whether nothing is left. What is left comes back with its lease's end."""
        end = time.monotonic() + seconds
        with self._wake:
            self._closed = True
            self._wake.notify_all()
            while (self._todo or self._failed or self._taken) and time.monotonic() < end:
                self._wake.wait(0.05)
            return not (self._todo or self._failed or self._taken)

    def _turn(self) -> None:
        """Take all that has gathered, tell it, and keep what failed for later.

        What was taken is in hand until it was told: a fault in between leaves it to the next turn.
        """
        self._taken = self._taken or self._take()
        failed = self._tell_all(self._taken)
        with self._wake:
            self._failed.extend(failed)
            self._taken = []

    def _take(self) -> list[Outcome]:
        """Wait for outcomes and take all that are due; none when closed and nothing is left.

        What failed waits for its own time, so that one queue in trouble does not hold up the others.
        """
        with self._wake:
            while not (taken := self._due()):
                if self._closed and not self._failed:
                    self._loop.stop()
                    return []
                self._wake.wait(0.1 if self._failed else 1.0)
            return taken

    def _due(self) -> list[Outcome]:
        """Take what is new, and what failed and may be tried again."""
        now = time.monotonic()
        taken = [*(outcome for outcome in self._failed if outcome.not_before <= now), *self._todo]
        self._failed = [outcome for outcome in self._failed if outcome.not_before > now]
        self._todo.clear()
        return taken

    def _tell_all(self, taken: list[Outcome]) -> list[Outcome]:
        """Tell outcomes queue by queue and kind by kind; those that have to be told again."""
        groups: defaultdict[tuple[str, Ending], list[Outcome]] = defaultdict(list)
        for outcome in taken:
            groups[outcome.address, outcome.ending].append(outcome)
        failed: list[Outcome] = []
        for (address, ending), outcomes in groups.items():
            limit = self._options.batch_bytes if ending is Ending.MOVE else 1
            for batch in batches(outcomes, Outcome.size, limit):
                failed.extend(self._tell_batch(address, ending, batch))
        return failed

    def _tell_batch(self, address: str, ending: Ending, batch: list[Outcome]) -> list[Outcome]:
        """Make one batch call; those of the batch that have to be told again."""
        try:
            refused = refusals(self._call(ending)(QueueUrl=address, Entries=_entries(ending, batch)), len(batch))
        except CALL_FAILED as error:
            logger.warning("%s of %d messages on %s failed: %r", ending.value, len(batch), address, error)
            refused = {position: {"Code": error_code(error)} for position in range(len(batch))}
        self._health.count(f"{ending.value}_calls")
        again = [outcome for position, outcome in enumerate(batch) if not self._is_done(outcome, refused.get(position))]
        self._health.count(f"{ending.value}s", len(batch) - len(again))
        self._health.count(f"{ending.value}_failures", len(again))
        return again

    def _call(self, ending: Ending) -> Callable[..., Any]:
        """Return the batch call that tells SQS of an ending."""
        client = calling_client(self._options)
        calls: dict[Ending, Callable[..., Any]] = {
            Ending.DELETE: client.delete_message_batch,
            Ending.RELEASE: client.change_message_visibility_batch,
            Ending.MOVE: client.send_message_batch,
        }
        return calls[ending]

    def _comes_back(self, outcome: Outcome) -> bool:
        """Let a message come back when its move is refused for good; False if it has yet to be tried alone."""
        if not outcome.goes_alone:
            outcome.goes_alone = True
            return False
        logger.error("%s will never be taken by %s: it comes back", outcome.lease.message_id, outcome.address)
        outcome.lease.ending = Ending.RELEASE  # otherwise it would go on being renewed
        self.tell(Outcome(outcome.lease, Ending.RELEASE, pause=outcome.pause))
        return True

    def _is_done(self, outcome: Outcome, refusal: dict[str, Any] | None) -> bool:
        """Note how a message fared in its batch; False when it has to be told again."""
        moving = outcome.ending is Ending.MOVE
        if refusal is not None and moving and refusal.get("Code") in NEVER_TAKEN and self._comes_back(outcome):
            return True
        if refusal is not None and (moving or refusal.get("Code") not in LEASE_GONE):
            outcome.attempts += 1
            outcome.not_before = time.monotonic() + pause(outcome.attempts, base=0.4, ceiling=10.0)
            logger.log(
                logging.ERROR if outcome.attempts == 5 else logging.INFO,
                "%s of %s on %s was refused: %s",
                *(outcome.ending.value, outcome.lease.message_id, outcome.address, refusal.get("Code")),
            )
            return False
        if refusal is not None:
            self._health.count("lost_leases")
            logger.warning("%s was no longer ours at its %s", outcome.lease.message_id, outcome.ending.value)
        if moving:
            self.tell(Outcome(outcome.lease, Ending.DELETE))
        else:
            self._table.drop(outcome.lease)
        return True


def _entries(ending: Ending, batch: list[Outcome]) -> list[dict[str, Any]]:
    """The entries of a batch call, each named by its position."""
    if ending is Ending.MOVE:
        return [{"Id": str(position), **(outcome.entry or {})} for position, outcome in enumerate(batch)]
    entries: list[dict[str, Any]] = []
    for position, outcome in enumerate(batch):
        visibility = {"VisibilityTimeout": outcome.pause} if ending is Ending.RELEASE else {}
        entries.append({"Id": str(position), "ReceiptHandle": outcome.lease.handle, **visibility})
    return entries
