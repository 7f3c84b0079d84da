"""Receiving: one thread a queue, which asks for as much as there is room for and never gives up."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shared.kernel.loops import Loop

from .backoff import pause
from .clients import polling_client
from .errors import CALL_FAILED, error_code
from .health import Health
from .leases import Lease, LeaseTable
from .options import Options
from .queues import Queue

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)

#: SQS returns at most so many messages a call.
BATCH = 10
#: With little room beside much work in hand, wait so long for more room: fewer calls, and nobody is idle meanwhile.
GATHER_SECONDS = 0.02
_numbers = itertools.count(1)


class Receiver:
    """Receives one queue's messages on a thread, each with a lease, and passes them on in order.

    A call that fails (throttling, 5xx, expired credentials, no network, an answer that is none) is logged and followed
    by a pause with backoff, without end. What arrives after ``stop`` is passed to ``unwanted``.
    """

    def __init__(
        self,
        queue: Queue,
        options: Options,
        table: LeaseTable,
        health: Health,
        *,
        prefetch: Callable[[], int],
        arrived: Callable[[list[Lease]], None],
        unwanted: Callable[[list[Lease]], object],
    ) -> None:
        self.queue = queue
        self._options, self._table, self._health = options, table, health
        self._prefetch, self._arrived, self._unwanted = prefetch, arrived, unwanted
        self._again = threading.Event()
        self._loop = Loop(f"sqs-receive-{queue.name}", self._turn)

    def start(self) -> None:
        """Begin to receive."""
        self._health.heard(self.queue.name)
        self._loop.start()

    def stop(self) -> None:
        """Ask for no more. A poll under way ends by itself within the wait; ``join`` waits for it."""
        self._loop.stop()
        self._again.set()
        self._table.freed()
        self._health.forget(self.queue.name)

    def try_now(self) -> None:
        """Cut the pause after an error short: there is reason to think that SQS answers again."""
        self._again.set()

    def join(self, seconds: float) -> None:
        """Wait for the end of the poll under way, at most so long."""
        self._loop.join(seconds)

    def _turn(self) -> None:
        """Receive once, where there is room."""
        room = self._room()
        if room > 0 and not self._loop.is_stopped:
            self._receive_or_pause(room)

    def _room(self) -> int:
        """How many messages to ask for now; 0 after having waited for room in vain."""
        share = self._share()
        if share <= 0:
            self._note_heard()
            self._table.wait_for_change(0.2)
            share = self._share()
        return min(share, self._shared_room()) if share > 0 else 0

    def _share(self) -> int:
        """How many more messages of this queue may be held beside those of the others."""
        most = self.queue.at_once
        return BATCH if most is None else most - self._table.held_of(self.queue.name)

    def _shared_room(self) -> int:
        """How many messages of any queue there is room for."""
        prefetch = self._prefetch()
        if not prefetch:
            return BATCH
        free = prefetch - self._table.held()
        if free * 4 >= prefetch and self._table.waiting() < 10 * prefetch:
            return min(BATCH, free)
        self._note_heard()  # a full prefetch is no reason to count as deaf
        self._table.wait_for_change(GATHER_SECONDS if free > 0 else 0.2)
        free = prefetch - self._table.held()
        return max(0, min(BATCH, free)) if self._table.waiting() < 10 * prefetch else 0

    def _receive_or_pause(self, room: int) -> None:
        """Receive once; after an error, wait."""
        try:
            leases = self._receive(room)
        except CALL_FAILED as error:
            failures = self._health.failed(self.queue.name)
            seconds = pause(failures, ceiling=10.0)
            logger.warning(
                "receiving from %s failed (%s, %d in a row), again in %.1f s: %r",
                *(self.queue.name, error_code(error), failures, seconds, error),
            )
            self._again.wait(seconds)
            self._again.clear()
            return
        self._note_heard()
        if leases:
            self._table.add(leases)
            (self._unwanted if self._loop.is_stopped else self._arrived)(leases)

    def _note_heard(self) -> None:
        if not self._loop.is_stopped:
            self._health.heard(self.queue.name)

    def _receive(self, room: int) -> list[Lease]:
        """One long poll. Leases count from the answer; renewal at 40 % leaves room for one that was slow to arrive."""
        answer = polling_client(self._options).receive_message(
            QueueUrl=self.queue.url,
            MaxNumberOfMessages=room,
            WaitTimeSeconds=self._options.wait_time_seconds,
            VisibilityTimeout=self._options.lease_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp", "MessageGroupId"],
            MessageAttributeNames=["All"],
        )
        self._health.count("receives")
        messages = answer.get("Messages") or []
        self._health.count("messages", len(messages))
        self._health.received(self.queue.name, len(messages))
        now = time.monotonic()
        return [self._lease(message, now) for message in messages]

    def _lease(self, message: MessageTypeDef, now: float) -> Lease:
        """Read one received message. Raises KeyError for an answer that SQS would not give."""
        system: Mapping[Any, str] = message.get("Attributes") or {}
        return Lease(
            tag=f"{self.queue.name}:{next(_numbers)}",
            queue=self.queue,
            handle=message["ReceiptHandle"],
            message_id=message["MessageId"],
            body=message["Body"],
            receives=int(system.get("ApproximateReceiveCount") or 1),
            group=system.get("MessageGroupId"),
            sent_at=int(system.get("SentTimestamp") or time.time() * 1000) / 1000,
            attributes=message.get("MessageAttributes") or {},
            received_at=now,
            lease_seconds=self._options.lease_seconds,
        )
