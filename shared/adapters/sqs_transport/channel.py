"""The kombu channel: what Celery calls to send, receive, acknowledge and reject."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

from kombu.transport import virtual

from . import envelope
from .delays import due_time, is_early
from .entries import hop_entry, new_entry
from .intake import Intake
from .leases import Lease
from .message import Message
from .options import Options
from .publisher import send
from .quarantine import for_last_resort, letter
from .queues import Queue, find_queue

logger = logging.getLogger(__name__)


class Prefetch(virtual.QoS):
    """Holds the prefetch count and nothing else: the leases say what is in hand."""

    def append(self, message: Any, delivery_tag: str) -> None:
        """Keep nothing; kombu's own would hold every message until its tag is swept."""

    def ack(self, delivery_tag: str) -> None:
        """Nothing was kept."""


class Channel(virtual.Channel):
    """Sends by one call a message; receives through an ``Intake``, which is made with the first consumer.

    Declaring a queue costs no call and creates nothing. Sending needs no event loop and no thread of its own.
    """

    Message = Message
    QoS = Prefetch
    #: Unfinished messages are handed back by the intake, in batches; kombu would do it one by one.
    do_restore = False
    connection: Any

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self.options: Options = connection.options
        self.intake: Intake | None = None

    # Sending

    def queue_named(self, name: str) -> Queue:
        """The queue that Celery means by a name. Raises UnknownQueue."""
        return find_queue(name, self.options.predefined_queues)

    def encode_body(self, body: Any, encoding: str | None = None) -> tuple[Any, str]:
        """Leave text as it is, since SQS takes text; base64 for bytes (compressed, or not from JSON)."""
        if isinstance(body, str):
            return body, "utf-8"
        encoded, name = super().encode_body(body, "base64")
        return encoded, str(name)

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        """Send a message.

        Raises SendFailed, UnknownQueue, and for FIFO queues DelayRefused and GroupMissing.
        """
        target = self.queue_named(queue)
        send(target, new_entry(target, message, self.options.delay_ceiling), self.options)

    def _new_queue(self, queue: str, **_: Any) -> None:
        """Accept a declared queue if it is a known one. Raises UnknownQueue."""
        self.queue_named(queue)

    def _purge(self, queue: str) -> int:
        """Refuse to empty a queue: a worker's ``--purge`` would delete what other workers have yet to do."""
        raise NotImplementedError(f"this transport does not purge {queue}; use SQS's own PurgeQueue")

    # Receiving

    def basic_consume(  # type: ignore[override]  # the stubs say that it returns the tag; kombu's own does not
        self, queue: str, no_ack: bool, callback: Callable[..., Any], consumer_tag: str, *_: Any, **kwargs: Any
    ) -> None:
        """Begin to receive from a queue; in the event loop if there is one, otherwise in ``drain_events``."""
        super().basic_consume(
            queue, no_ack, self._acknowledging(callback) if no_ack else callback, consumer_tag, **kwargs
        )
        if self.intake is None:
            self.intake = Intake(self.options, lambda: self.qos.prefetch_count, self._deliver)
        if self.connection.hub is not None:
            self.intake.inbox.attach(self.connection.hub)
        self.intake.consume(self.queue_named(queue))

    def basic_cancel(self, consumer_tag: str) -> None:
        """Receive no more for a consumer. What it has is not touched."""
        queue = self._tag_to_queue.get(consumer_tag)
        super().basic_cancel(consumer_tag)
        if self.intake is not None and queue is not None and queue not in self._active_queues:
            self.intake.stop(queue)

    def drain_events(self, timeout: float | None = None, callback: Any = None) -> None:
        """Deliver what has arrived, waiting for it at most so long. Raises Empty. Only without an event loop."""
        if self.intake is None or not self.intake.inbox.wait(1.0 if timeout is None else timeout):
            raise Empty

    def _acknowledging(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        """A callback that acknowledges before it runs, for consumers that do not acknowledge."""

        def acknowledge_first(message: Any) -> Any:
            """Acknowledge, then call."""
            self.basic_ack(message.delivery_tag)
            return callback(message)

        return acknowledge_first

    def _deliver(self, lease: Lease) -> None:
        """Give a message to its consumer, unless it is unreadable, crashes workers, or is early.

        Any other error is not the message's fault (a broken pool once had a whole queue set aside): it goes back.
        """
        assert self.intake is not None
        most = self.options.max_receives
        if most and lease.receives > most:
            self._set_aside(lease, "crash_loop", f"received {lease.receives} times and never finished")
            return
        try:
            opened = envelope.read(lease.body)
        except envelope.Unreadable as error:
            self._set_aside(lease, "unreadable", str(error))
            return
        lease.task_id = opened["headers"]["id"]
        if opened["headers"].get("compression"):
            # a few hundred bytes may unpack to gigabytes, and kombu unpacks before anybody can look
            self._set_aside(lease, "compressed", "compressed messages are not unpacked")
        elif is_early(opened, time.time()):
            self._postpone(lease, opened)
        else:
            self._call_consumer(lease, opened)

    def _call_consumer(self, lease: Lease, opened: envelope.Envelope) -> None:
        """Call the queue's consumer; one that was cancelled meanwhile means the message goes back at once."""
        callback = self.connection._callbacks.get(lease.queue.name)
        if callback is None:
            self.hand_back(lease.tag, 0)
        else:
            callback(envelope.address(opened, lease, self.options.lease_seconds))

    def _postpone(self, lease: Lease, opened: envelope.Envelope) -> None:
        """Let a message that came early wait in SQS: by a further delay, or on FIFO hidden, its group behind it."""
        assert self.intake is not None
        ceiling = self.options.delay_ceiling
        left = (due_time(opened["headers"]) or 0) - time.time()
        if lease.queue.is_fifo:
            self.intake.hand_back(lease, left)
        else:
            entry = hop_entry(lease.queue, opened, lease.group, lease.attributes, ceiling)
            self.intake.move(lease, lease.queue, entry, otherwise=left)

    # Endings: safe from any thread, and none waits for the network

    def lease_of(self, tag: str) -> Lease | None:
        """The lease behind a delivery tag, or None when it is over."""
        return self.intake.leases.get(tag) if self.intake else None

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """The message is done: it is deleted with the next batch."""
        lease = self.lease_of(delivery_tag)
        if self.intake and lease:
            self.intake.acknowledge(lease)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Without requeue: to the dead letters. With it: it comes back after the delay its task chose."""
        lease = self.lease_of(delivery_tag)
        if requeue:
            self.hand_back(delivery_tag, lease.retry_after if lease else None)
        else:
            self.quarantine(delivery_tag, "rejected", "rejected without requeue")

    def hand_back(self, delivery_tag: str, after: float | None = None) -> None:
        """Let a message come back after so many seconds; without a number it backs off by its receives."""
        lease = self.lease_of(delivery_tag)
        if self.intake and lease:
            self.intake.hand_back(lease, after)

    def quarantine(self, delivery_tag: str, reason: str, error: str) -> None:
        """Move a message to its queue's dead letters."""
        lease = self.lease_of(delivery_tag)
        if lease:
            self._set_aside(lease, reason, error)

    def _set_aside(self, lease: Lease, reason: str, error: str) -> None:
        """Move a message to its queue's dead letters, or give it to the task of last resort where there are none."""
        assert self.intake is not None
        logger.error("message %s from %s is set aside (%s): %s", lease.message_id, lease.queue.name, reason, error)
        self.intake.health.count("set_aside")
        if lease.queue.has_dead_letters:
            self.intake.move(lease, lease.queue.dead_letters, letter(lease, reason, error))
        elif self.options.last_resort_task and not lease.is_last_resort:
            lease.is_last_resort, lease.task_id = True, lease.message_id
            self._call_consumer(lease, for_last_resort(lease, reason, error, self.options.last_resort_task))
        else:
            self.intake.hand_back(lease)

    def return_unbegun(self, begun_task_ids: set[str]) -> int:
        """Stop receiving and give back what no pool has begun; how many messages that were."""
        if self.intake is None:
            return 0
        self.intake.stop_all()
        return self.intake.return_unbegun(begun_task_ids)

    def give_back(self, seconds: float) -> int:
        """Give back everything, also what is being run, and wait until SQS was told, at most so long; how many."""
        return self.intake.give_back(seconds) if self.intake else 0

    def close(self) -> None:
        """Stop receiving, give everything back, and wait until SQS was told, at most 11 s."""
        if not self.closed and self.intake is not None:
            self.intake.close()
        super().close()
