"""Noticing that this consumer has gone deaf, and ending a process that has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shared.kernel.loops import end_process, forever

from .clients import calling_client
from .errors import CALL_FAILED
from .health import Health
from .options import Options
from .queues import Queue
from .receiver import Receiver

logger = logging.getLogger(__name__)


class Watchdog:
    """A thread that compares what was last heard with what the queue holds.

    No successful receive for three waits although messages are ready is a suspicion; the receiver is told to try at
    once. If that lasts for three more waits the consumer is deaf: it is logged, and with ``end_when_deaf`` the process
    ends itself, once. A queue that cannot be asked either is an outage, not deafness.
    """

    def __init__(
        self,
        options: Options,
        health: Health,
        receivers: Callable[[], list[Receiver]],
        end: Callable[[], None] = end_process,
    ) -> None:
        self._options, self._health, self._receivers, self._end = options, health, receivers, end
        self._suspected_at: dict[str, float] = {}
        self._loop = forever("sqs-watchdog", self._look, options.deaf_after / 3)

    def close(self) -> None:
        """Watch no more."""
        self._loop.stop()

    def _look(self) -> None:
        """End the process where it is deaf; called about as often as a wait lasts."""
        deaf = [receiver.queue.name for receiver in self._receivers() if self._is_deaf(receiver)]
        if deaf and self._options.end_when_deaf:
            logger.critical("ending this process: it is deaf on %s", ", ".join(deaf))
            self._loop.stop()
            self._end()

    def _is_deaf(self, receiver: Receiver) -> bool:
        """Whether a suspicion has lasted. Just after an outage it has not: the receiver may only be pausing."""
        name = receiver.queue.name
        try:
            suspect = self._is_suspect(receiver.queue)
        except CALL_FAILED as error:
            logger.warning("cannot tell whether %s is heard: %r", name, error)
            suspect = False
        if not suspect:
            self._suspected_at.pop(name, None)
            return False
        if name not in self._suspected_at:
            receiver.try_now()
        return time.monotonic() - self._suspected_at.setdefault(name, time.monotonic()) >= self._options.deaf_after

    def _is_suspect(self, queue: Queue) -> bool:
        """Whether messages wait in a queue of which nothing was heard for too long. One call, and only then."""
        heard = {health.queue: health for health in self._health.queues()}.get(queue.name)
        if heard is None or heard.seconds_since_receive <= self._options.deaf_after:
            return False
        answer = calling_client(self._options).get_queue_attributes(
            QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        ready = int(answer["Attributes"]["ApproximateNumberOfMessages"])
        if ready:
            logger.error(
                "no successful receive from %s for %.0f s although %d messages are ready (%d failures in a row)",
                *(queue.name, heard.seconds_since_receive, ready, heard.failures_in_a_row),
            )
        return ready > 0
