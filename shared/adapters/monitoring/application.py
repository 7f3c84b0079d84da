"""Installs monitoring in a Celery application, for its workers, its producers and its command line."""

from typing import Any

from celery import Celery
from celery.signals import worker_shutdown

from shared.adapters.monitoring import commands
from shared.adapters.monitoring.bus import bind, bus_of
from shared.adapters.monitoring.client import CONTROL
from shared.adapters.monitoring.control import RemoteControl
from shared.adapters.monitoring.events import EVENTS
from shared.adapters.monitoring.options import MonitoringOptions

# How long an ending worker waits for its last events and answers to leave, in seconds.
FAREWELL = 2.0


def install(app: Celery, options: MonitoringOptions) -> Celery:
    """Send an application's events and remote control over Redis; answer the same application.

    Call it once, after the configuration and before `app.events` or `app.control` is used. It opens no connection, so
    it is safe before a fork. The options are not kept in `app.conf`, which remote control shows.
    """
    bind(app, options)
    app.events_cls = EVENTS
    app.control_cls = CONTROL
    # The stock mailbox would sit on the task broker, which has no broadcast.
    app.conf.worker_enable_remote_control = False
    app.conf.worker_send_task_events = True
    app.conf.task_send_sent_event = True
    app.steps["consumer"].add(RemoteControl)
    commands.register()
    worker_shutdown.connect(say_farewell, dispatch_uid="monitoring.say_farewell")
    return app


def say_farewell(sender: Any = None, **_: Any) -> None:
    """Wait a moment until an ending worker's last words have left."""
    try:
        outbox = bus_of(sender.app).outbox
    except KeyError:
        return
    outbox.flush(FAREWELL)
