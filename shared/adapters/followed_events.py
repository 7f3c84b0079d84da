"""The port EventBus over another: each push is a span and a line of the log, so that a request's story has its end."""

from shared.kernel.contract import Event
from shared.kernel.logs import get_log
from shared.kernel.ports import EventBus
from shared.kernel.topics import Topic
from shared.kernel.tracing import Kind, traced

UNTOLD = frozenset({"typing", "presence"})
"""Pushes that come at every key that somebody presses."""

log = get_log()


class FollowedEvents:
    """Tells of every push but those that come too often; who gets it is told nowhere."""

    def __init__(self, events: EventBus) -> None:
        """Publish through another bus."""
        self._events = events

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        """Push an event to every connection that listens to the topic, except one user's."""
        kind = str(getattr(event, "type", type(event).__name__))
        with traced(f"push {kind}", Kind.PRODUCER):
            self._events.publish(topic, event, except_user=except_user, must_arrive=must_arrive)
        if kind not in UNTOLD:
            stage = getattr(event, "stage", None)
            log.info("pushed", type=kind, **({"stage": str(stage)} if stage else {}))

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Order gateways to close the topic's connections."""
        self._events.close(topic, code, reason=reason, **only)
