"""When Celery's processes begin to tell their metrics and spans: before anything else, so that a failed start shows."""

from typing import Any

from celery.signals import beat_init, worker_init, worker_process_init, worker_process_shutdown

from shared.kernel.settings import Settings
from shared.wired.metrics import begin_metrics, begin_metrics_in_child, note_metrics
from shared.wired.tracing import begin_tracing
from workers.naming import process_name


def connect_metrics(settings: Settings) -> None:
    """Have workers, their children and beat tell what they count; a worker tells it by the name of its node."""

    def tell(**_fields: Any) -> None:
        has_children = settings.worker_pool == "prefork"
        begin_metrics(settings, process_name(), has_children=has_children)
        if not has_children:
            begin_tracing(settings, process_name())

    def tell_in_child(**_fields: Any) -> None:
        begin_metrics_in_child(settings, process_name())
        begin_tracing(settings, process_name())

    def tell_of_beat(**_fields: Any) -> None:
        begin_metrics(settings, "beat")

    def note_last(**_fields: Any) -> None:
        note_metrics()

    worker_init.connect(tell, weak=False)
    worker_process_init.connect(tell_in_child, weak=False)
    worker_process_shutdown.connect(note_last, weak=False)
    beat_init.connect(tell_of_beat, weak=False)
