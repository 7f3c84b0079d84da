"""What workers tell operators beside their metrics: that they live, and, one of them, how the queues are."""

import os
import socket
from typing import Any

from celery.signals import worker_ready
from celery.worker import state

from shared.domains.operations.models import WorkerSign
from shared.domains.operations.rules.polling import POLL_SECONDS
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.loops import forever
from shared.kernel.queues import Queue
from shared.kernel.times import timestamp
from shared.wiring import WorkerContext

TELL_SECONDS = 10.0
KEEP_SECONDS = 35.0

log = get_log()


def connect_signs(context: WorkerContext) -> None:
    """Have each worker tell every 10 s that it lives, and those of dead letters look at the queues."""

    def begin(sender: Any, **_fields: Any) -> None:
        signs = Signs(context, sender)
        forever("signs", signs.tell, TELL_SECONDS, observes=True)
        if Queue.DEAD_LETTERS.value in signs.queues():
            poller = context.queue_poller
            poller.tell(context.metrics)
            forever("queue-poller", poller.look, POLL_SECONDS, observes=True)

    worker_ready.connect(begin, weak=False)


class Signs:
    """The signs of life of one worker, read from Celery's own state in its first process."""

    def __init__(self, context: WorkerContext, consumer: Any) -> None:
        """Begin to live."""
        self._context, self._consumer = context, consumer
        self._since = timestamp(context.clock.now())

    def tell(self) -> None:
        """Tell once; where Redis does not answer, the next time does."""
        try:
            self._context.operations.tell(self._sign(), keep_seconds=KEEP_SECONDS)
        except Unavailable:
            log.warning("worker.not_told")

    def queues(self) -> list[str]:
        """Return the queues that it consumes now; an operator may change them."""
        return sorted(self._consumer.app.amqp.queues.consume_from)

    def _sign(self) -> WorkerSign:
        context = self._context
        return WorkerSign(
            name=str(self._consumer.hostname).partition("@")[0],
            host=socket.gethostname(),
            pid=os.getpid(),
            queues=self.queues(),
            pool=context.settings.worker_pool,
            places=int(getattr(self._consumer.pool, "num_processes", 0) or 0),
            running=len(state.active_requests),
            done=sum(dict(state.total_count).values()),
            version=context.settings.version,
            started_at=self._since,
            heard_at=timestamp(context.clock.now()),
            draining=self._is_draining(),
        )

    def _is_draining(self) -> bool:
        gate = getattr(self._consumer, "gate", None)
        return gate is not None and bool(gate.draining)
