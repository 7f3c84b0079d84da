"""Flower's own Celery application: it watches and controls over Redis, sends tasks to SQS, reads depths from SQS.

Either a module of the product holds `app = build_flower_app(options, real_app)` and is named with `celery -A`, or this
module is, and the environment's `MONITORING_BINDING=package.module:function` names what answers both arguments.
"""

import os
from collections.abc import Callable
from typing import Any

from celery import Celery, Task
from flower.views import BaseHandler  # type: ignore[import-untyped]  # Flower has no types
from kombu import Queue
from kombu.utils.imports import symbol_by_name

from shared.adapters.monitoring import commands
from shared.adapters.monitoring.bus import bind
from shared.adapters.monitoring.client import CONTROL
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.monitoring.redaction import HIDDEN
from shared.adapters.monitoring.sqs_depths import SqsDepths
from shared.kernel.ending import end_quickly
from shared.kernel.heartbeat import BEAT_SECONDS, beat
from shared.kernel.loops import forever

BINDING = "MONITORING_BINDING"
Binding = Callable[[], tuple[MonitoringOptions, Celery]]
# Flower doubles its pause at every failure without bound; kombu's retries in its place find Redis within a second.
PATIENCE = {
    "max_retries": None,
    "connect_retries_timeout": None,
    "interval_start": 0.2,
    "interval_step": 0.2,
    "interval_max": 1.0,
}
_BUILT: dict[str, Celery] = {}


class FlowerCelery(Celery):
    """A Celery application whose broker is the Redis of events, and whose tasks go where the real one sends them."""

    real: Celery

    def send_task(  # type: ignore[override]  # the rest is passed on as it is
        self, name: str, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Send a task by the real application, with its arguments hidden from events."""
        return self.real.send_task(name, args, kwargs, **_hiding(options))


class RelayedTask(Task):  # type: ignore[type-arg]  # generic in the stubs only
    """Stands in Flower for a task of the real application, and is never run."""

    real: Any

    def apply_async(  # type: ignore[override]  # the rest is passed on as it is
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Send the real task, with its own queue and limits and with its arguments hidden from events."""
        return self.real.apply_async(args, kwargs, **_hiding(options))

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: no worker runs Flower's application."""
        raise NotImplementedError(self.name)


def build_flower_app(options: MonitoringOptions, real_app: Celery) -> Celery:
    """Build the application for `celery -A ... flower`; opens no connection.

    `real_app` is the product's, with monitoring installed and its queues, routes and tasks known. Flower asks for its
    own authentication: set FLOWER_BASIC_AUTH, since its pages are open to everyone otherwise.
    """
    app = FlowerCelery("flower", broker=options.redis_address, set_as_current=False)
    app.real = real_app
    app.control_cls = CONTROL
    bus = bind(app, options)
    app.conf.update(
        accept_content=["json"],
        broker_transport_options=bus.transport_options() | PATIENCE,
        broker_connection_retry_on_startup=True,
        control_exchange=real_app.conf.control_exchange,
        event_exchange=real_app.conf.event_exchange,
        # what Flower lists until it has heard of a worker: else Celery's own name of a queue, which is not there
        task_default_queue=next(iter(options.queues), real_app.conf.task_default_queue),
        task_queues=[Queue(name) for name in options.queues],
    )
    _relay_tasks(app, real_app)
    commands.register()
    _show_depths(SqsDepths(options))
    end_quickly()
    return app


def configured_from_environment() -> Celery:
    """Build the application by the function that MONITORING_BINDING names; raises KeyError when it is not set."""
    named = os.environ[BINDING]
    if named not in _BUILT:
        binding: Binding = symbol_by_name(named)
        _BUILT[named] = build_flower_app(*binding())
        forever("heartbeat", beat, BEAT_SECONDS, observes=True)
    return _BUILT[named]


def __getattr__(name: str) -> Any:
    """Build `app` when the command line asks for it, so that importing this module needs no settings."""
    if name == "app":
        return configured_from_environment()
    raise AttributeError(name)


def _relay_tasks(app: Celery, real_app: Celery) -> None:
    real_app.loader.import_default_modules()
    real_app.finalize(auto=True)
    for name, task in sorted(real_app.tasks.items()):
        if not name.startswith("celery."):
            # Celery shares tasks among applications, but the shared copy would go by Flower's own queues.
            app.tasks.pop(name, None)
            app.register_task(type("RelayedTask", (RelayedTask,), {"name": name, "real": task})())


def _show_depths(depths: SqsDepths) -> None:
    """Give Flower our broker: it knows none for SQS, and has no place to register one (pin Flower)."""

    def get_broker(handler: Any) -> SqsDepths:
        return depths

    BaseHandler.get_broker = get_broker


def _hiding(options: dict[str, Any]) -> dict[str, Any]:
    """Hide what an operator typed, unless told how to show it; drop what belongs to Flower's own broker."""
    kept = {key: value for key, value in options.items() if key not in {"connection", "producer", "task_type"}}
    return {"argsrepr": HIDDEN, "kwargsrepr": HIDDEN, **kept}
