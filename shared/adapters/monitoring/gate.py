"""Which queues a worker reads: all it was given, less the paused ones, and none once it drains."""

from typing import Any

from celery.utils.log import get_logger
from celery.worker import state as worker_state

logger = get_logger(__name__)


class QueueGate:
    """Opens and closes the queues of one worker; to be called in the worker's loop only.

    Every method can be repeated. What the gate closes stays closed when the connection to the task broker is lost and
    found again, because Celery itself no longer counts it among the queues to read.
    """

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._to_reopen: set[str] = set()
        self.paused: frozenset[str] = frozenset()
        self.draining = False

    def reading(self) -> list[str]:
        """Answer the names of the queues that are read now."""
        tasks = self._consumer.task_consumer
        return [queue.name for queue in tasks.queues] if tasks else []

    def adopt(self, paused: frozenset[str]) -> None:
        """Make the cluster's paused queues this worker's."""
        for queue in paused - self.paused:
            self.pause(queue)
        for queue in self.paused - paused:
            self.resume(queue)

    def pause(self, queue: str) -> None:
        """Stop reading a queue until it is resumed; what was received already is still run."""
        self.paused |= {queue}
        if queue in self.reading():
            self._consumer.cancel_task_queue(queue)
            self._to_reopen.add(queue)

    def resume(self, queue: str) -> None:
        """Read a paused queue again, if this worker read it before it was paused."""
        self.paused -= {queue}
        if queue in self._to_reopen and not self.draining:
            self._to_reopen.discard(queue)
            self._consumer.add_task_queue(queue)

    def add(self, queue: str) -> str:
        """Read another queue; raises ValueError when the worker drains or the application has no such queue."""
        queues = self._consumer.app.amqp.queues
        if self.draining:
            raise ValueError("the worker is draining")
        # Celery would let the consumer fail later, in its loop, and with it the whole worker.
        if queue not in queues and not queues.create_missing:
            raise ValueError(f"there is no queue {queue}")
        if queue in self.paused:
            self._to_reopen.add(queue)
            return f"{queue} is paused, and will be consumed when it is resumed"
        self._consumer.add_task_queue(queue)
        return f"add consumer {queue}"

    def cancel(self, queue: str) -> None:
        """Stop reading a queue for good."""
        self._to_reopen.discard(queue)
        self._consumer.cancel_task_queue(queue)

    def drain(self) -> None:
        """Stop reading every queue, for the rest of this worker's life; what was received is still run."""
        self.draining = True
        for queue in self.reading():
            self._consumer.cancel_task_queue(queue)
        logger.warning("monitoring: draining, no more tasks are received")


def progress(gate: QueueGate) -> dict[str, Any]:
    """Answer how far a drain has come: the worker is idle when nothing runs and nothing waits in it."""
    running = len(worker_state.active_requests)
    scheduled = worker_state.scheduled_requests  # type: ignore[attr-defined]  # new in Celery 5.7, the stubs lack it
    known = set(worker_state.reserved_requests) | set(scheduled)
    waiting = len(known - set(worker_state.active_requests))
    return {"draining": gate.draining, "running": running, "waiting": waiting, "idle": not (running or waiting)}
