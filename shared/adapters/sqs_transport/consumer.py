"""Celery's worker consumer for this transport: prompt acknowledgements, nothing deleted unread, quick hand-backs."""

from __future__ import annotations

import logging
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.request import Request

from .channel import Channel
from .handover import begun_task_ids, settle_written_jobs
from .message import Message
from .request import LeasedRequest
from .stopping import end_in_time

logger = logging.getLogger(__name__)

#: The request class that Celery's tasks name by default.
STOCK_REQUEST = f"{Request.__module__}:{Request.__qualname__}"


class Consumer(CeleryConsumer):
    """Set as ``worker_consumer``. On another transport it behaves as Celery's own."""

    task_consumer: Any
    hub: Any

    def update_strategies(self) -> None:
        """Give every task the request class that knows leases, unless the task chose one itself."""
        for task in self.app.tasks.values():
            if task.Request == STOCK_REQUEST:
                task.Request = f"{LeasedRequest.__module__}:{LeasedRequest.__qualname__}"
        super().update_strategies()

    def call_soon_ack(self, p: Any, *args: Any, **kwargs: Any) -> Any:
        """Acknowledge in the calling thread: it only queues, and while stopping the loop has no further turn."""
        if self._channel() is None:
            return super().call_soon_ack(p, *args, **kwargs)  # type: ignore[misc]  # missing in the stubs
        return p(*args, **kwargs)

    def on_close(self) -> None:
        """Stop receiving and hand back what no pool has begun, at once, while what has begun goes on."""
        settle_written_jobs(self.pool)
        super().on_close()
        channel = self._channel()
        if channel is not None:
            logger.info("handed back %d messages", channel.return_unbegun(begun_task_ids(self.pool)))
            end_in_time(channel, self.pool)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Set aside a message that cannot be decoded; Celery would delete it."""
        if isinstance(message, Message):
            message.set_aside("undecodable", repr(exc))
        else:
            super().on_decode_error(message, exc)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        """Set aside a message that yields no task; Celery would delete it."""
        if isinstance(message, Message):
            message.set_aside("invalid", repr(exc))
        else:
            super().on_invalid_task(body, message, exc)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """Set aside a message that is not Celery's; Celery would delete it."""
        if isinstance(message, Message):
            message.set_aside("unknown_message", "no task header")
        else:
            super().on_unknown_message(body, message)

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        """Hand back a task that this worker does not have; Celery would delete it.

        In a rolling release a newer worker has it; the queue's RedrivePolicy ends the wait if none ever has, and where
        there is none the task of last resort does.
        """
        if isinstance(message, Message):
            lease, options = message.lease, message.channel.options
            if lease and not lease.queue.has_dead_letters and lease.receives > options.unknown_task_receives:
                message.set_aside("unknown_task", f"received {lease.receives} times and known to no worker")
                return
            logger.warning("task %s is unknown here, handed back", message.headers.get("task"))
            message.hand_back(options.unknown_task_seconds)
        else:
            super().on_unknown_task(body, message, exc)

    def _channel(self) -> Channel | None:
        """The channel that is consumed, if it is one of this transport's."""
        channel = getattr(getattr(self, "task_consumer", None), "channel", None)
        return channel if isinstance(channel, Channel) else None
