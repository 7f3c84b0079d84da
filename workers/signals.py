"""What happens once in every process of Celery's."""

import logging
import threading
from contextlib import suppress
from typing import Any

from celery.signals import beat_init, setup_logging, worker_init, worker_process_init, worker_ready

from shared.catalogue import SCHEDULE
from shared.domains.practice.errors import ScorerMissing
from shared.kernel.ending import end_quickly
from shared.kernel.errors import Unavailable
from shared.kernel.heartbeat import BEAT_SECONDS, beat
from shared.kernel.log_sinks import make_printing_harmless
from shared.kernel.logs import configure_logs
from shared.kernel.queues import Queue
from shared.kernel.settings import Misconfigured
from shared.wiring import WorkerContext
from workers.naming import process_name
from workers.pool_life import PoolLife

LOOK_SECONDS = 1.0


def connect_signals(context: WorkerContext) -> None:
    """Give Celery's processes our logs, and let none start on queues that are not as they must be."""

    def configure(**_fields: Any) -> None:
        make_printing_harmless()
        configure_logs(context.settings, process_name())
        end_quickly()
        # Celery's own line on a task that failed holds the error's message, and with it perhaps somebody's words.
        logging.getLogger("celery.app.trace").setLevel(logging.CRITICAL)

    consumed: list[Queue] = []
    life = PoolLife()

    def check_consumed(sender: Any, **_fields: Any) -> None:
        consumed[:] = [Queue(name) for name in sender.app.amqp.queues.consume_from]
        require(context, consumed)
        if context.settings.worker_pool == "prefork":
            life.listen()

    def begin_in_the_pool(**_fields: Any) -> None:
        life.speak()
        if Queue.SPEECH in consumed:
            # Beside the start: Celery kills a child that is not up within four seconds.
            threading.Thread(target=_warmed, args=(context,), name="scorer", daemon=True).start()

    def begin_to_beat(sender: Any, **_fields: Any) -> None:
        if sender.hub is not None:
            sender.hub.call_repeatedly(BEAT_SECONDS, beat)
            sender.hub.call_repeatedly(LOOK_SECONDS, lambda: life.look(_processes(sender.pool)))

    def check_scheduled(**_fields: Any) -> None:
        require(context, sorted({entry.job.queue for entry in SCHEDULE}))

    setup_logging.connect(configure, weak=False)
    worker_init.connect(check_consumed, weak=False)
    worker_ready.connect(begin_to_beat, weak=False)
    worker_process_init.connect(begin_in_the_pool, weak=False)
    beat_init.connect(check_scheduled, weak=False)


def _processes(pool: Any) -> list[int]:
    """Return the processes of a pool; none where it has threads."""
    return list(pool.info.get("processes", ()))


def _warmed(context: WorkerContext) -> None:
    """Load the scorer's models; a process that cannot is there all the same, and each task says why it fails."""
    with suppress(ScorerMissing):  # it was logged
        context.scorer.warm_up()


def require(context: WorkerContext, queues: list[Queue]) -> None:
    """Return if the queues are as the catalogue has them.

    Raises:
        Misconfigured: they are not, or SQS does not tell; the process ends with the reason and exit code 1.
    """
    try:
        context.require_queues(queues)
    except Unavailable as problem:
        raise Misconfigured(f"SpeakTracker does not start:\n  SQS does not answer: {problem.__cause__}") from problem
