"""What happens once in every worker process."""

from typing import Any

from celery.signals import setup_logging

from shared.kernel.logs import configure_logs
from shared.wiring import WorkerContext


def connect_signals(context: WorkerContext) -> None:
    """Give Celery's processes our logs."""

    def configure(**_fields: Any) -> None:
        configure_logs(context.settings, "worker")

    setup_logging.connect(configure, weak=False)
