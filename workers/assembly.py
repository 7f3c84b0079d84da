"""Putting a Celery application together from tasks and ports."""

from collections.abc import Iterable
from types import ModuleType

from celery import Celery

from shared.wiring import WorkerContext
from workers.ending import connect_ending
from workers.handling import register
from workers.keeping import LeaseKeeper
from workers.metrics import connect_metrics
from workers.naming import connect_naming
from workers.signals import connect_signals


def assemble(context: WorkerContext, modules: Iterable[ModuleType]) -> Celery:
    """Return an application with the tasks of the modules; nothing is connected yet."""
    app = Celery("speaktracker")
    app.config_from_object("celeryconfig")
    context.install_monitoring(app)
    connect_naming()
    connect_metrics(context.settings)
    keeper = LeaseKeeper(lambda: context.runs, context.settings.lease_seconds)
    connect_signals(context)
    connect_ending(keeper)
    for module in modules:
        register(app, module, context, keeper)
    return app
