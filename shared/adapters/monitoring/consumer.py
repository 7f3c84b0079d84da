"""What a Celery consumer class needs beside the bootstep."""

from typing import Any


class MonitoredConsumerMixin:
    """Keeps a worker from opening a second connection to the task broker for events that never go there.

    Put it before any consumer class: `class Consumer(MonitoredConsumerMixin, SomeConsumer)`. Without it all works the
    same, at the price of an idle connection.
    """

    def connection_for_write(self, url: str | None = None, heartbeat: Any = None) -> Any:
        """Answer a connection that is never connected; Celery's event step is its only user."""
        return self.app.connection_for_write(url=url, heartbeat=heartbeat)  # type: ignore[attr-defined]  # a mixin
