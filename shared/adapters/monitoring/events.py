"""Celery's events, published to Redis from the background."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from celery import Celery
from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher
from celery.events.event import get_exchange
from kombu import Producer

from shared.adapters.monitoring.bus import bus_of
from shared.adapters.monitoring.redaction import redact

TRANSIENT = 1
# Celery takes classes by name.
EVENTS = f"{__name__}:RedisEvents"


class RedisEventDispatcher(EventDispatcher):
    """An event dispatcher that leaves the task broker alone and never waits.

    Whatever connection or producer it is given belongs to the task broker, which cannot carry events: it is ignored.
    An event goes into the process's outbox, and from there to Redis, at least once while the outbox holds it.
    """

    def __init__(
        self, connection: Any = None, hostname: str | None = None, enabled: bool = True, **settings: Any
    ) -> None:
        settings.pop("channel", None)
        app = cast(Celery, settings.get("app") or self.app)
        self.bus = bus_of(app)
        lazy = self.bus.connection()
        super().__init__(lazy, hostname, enabled, **settings)
        self.exchange = get_exchange(lazy, name=app.conf.event_exchange)
        # None, or the worker's loop would connect to ask for the broker's heartbeat interval, and wait for Redis.
        self.connection = None

    def send(self, type: str, *args: Any, **fields: Any) -> None:  # noqa: A002 - the name is Celery's
        """Queue an event with results and error messages hidden, unless the options reveal them."""
        super().send(type, *args, **(fields if self.bus.options.reveal_errors else redact(fields)))

    def _publish(self, event: Any, producer: Any, routing_key: str, *args: Any, **settings: Any) -> None:
        exchange, serializer = self.exchange, self.serializer  # type: ignore[attr-defined]  # the stubs lack it
        headers = {"hostname": self.hostname}

        def deliver(redis: Producer) -> None:
            redis.publish(
                event,
                routing_key=routing_key,
                exchange=exchange.name,
                declare=[exchange],
                serializer=serializer,
                headers=headers,
                delivery_mode=TRANSIENT,
            )

        self.bus.outbox.put(deliver)


class RedisEvents(Events):
    """The application's `events`, whose dispatchers write to Redis."""

    dispatcher_cls = f"{__name__}:RedisEventDispatcher"

    @contextmanager
    def default_dispatcher(
        self, hostname: str | None = None, enabled: bool = True, buffer_while_offline: bool = False
    ) -> Iterator[RedisEventDispatcher]:
        """Lend a dispatcher without taking a producer from the task broker's pool."""
        yield self.Dispatcher(None, hostname, enabled)
