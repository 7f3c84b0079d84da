"""What Flower's own application needs of ours; MONITORING_BINDING names `binding` in the Procfile."""

from typing import Any

from celery import Celery

from shared.kernel.settings import Misconfigured
from shared.wired.metrics import begin_metrics
from workers.app import app, context


def binding() -> tuple[Any, Celery]:
    """Return how workers are watched, and the application with the tasks that Flower may send.

    Raises:
        Misconfigured: Flower would be open to everybody.
    """
    if context.settings.flower_basic_auth is None:
        raise Misconfigured("Flower does not start:\n  FLOWER_BASIC_AUTH: must be set, as user:password")
    begin_metrics(context.settings, "flower")
    return context.monitoring, app
