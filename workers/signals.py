"""What happens once in every process of Celery's."""

import logging
from typing import Any

from celery.signals import beat_init, setup_logging, worker_init

from shared.catalogue import SCHEDULE
from shared.kernel.errors import Unavailable
from shared.kernel.log_sinks import make_printing_harmless
from shared.kernel.logs import configure_logs
from shared.kernel.queues import Queue
from shared.kernel.settings import Misconfigured
from shared.wiring import WorkerContext


def connect_signals(context: WorkerContext) -> None:
    """Give Celery's processes our logs, and let none start on queues that are not as they must be."""

    def configure(**_fields: Any) -> None:
        make_printing_harmless()
        configure_logs(context.settings, "worker")
        # Celery's own line on a task that failed holds the error's message, and with it perhaps somebody's words.
        logging.getLogger("celery.app.trace").setLevel(logging.CRITICAL)

    def check_consumed(sender: Any, **_fields: Any) -> None:
        require(context, [Queue(name) for name in sender.app.amqp.queues.consume_from])

    def check_scheduled(**_fields: Any) -> None:
        require(context, sorted({entry.job.queue for entry in SCHEDULE}))

    setup_logging.connect(configure, weak=False)
    worker_init.connect(check_consumed, weak=False)
    beat_init.connect(check_scheduled, weak=False)


def require(context: WorkerContext, queues: list[Queue]) -> None:
    """Return if the queues are as the catalogue has them.

    Raises:
        Misconfigured: they are not, or SQS does not tell; the process ends with the reason and exit code 1.
    """
    try:
        context.require_queues(queues)
    except Unavailable as problem:
        raise Misconfigured(f"SpeakTracker does not start:\n  SQS does not answer: {problem.__cause__}") from problem
