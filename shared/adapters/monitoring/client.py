"""The caller's side of remote control: `app.control`, over Redis."""

from typing import Any

from celery.app.control import Control
from kombu.pidbox import Mailbox

from shared.adapters.monitoring.bus import bus_of

# Celery takes classes by name.
CONTROL = f"{__name__}:RedisControl"
NAMED_WORKER_SECONDS = 5.0
"""How long the answer of a worker that is named is waited for: it may be busy, and no answer reads as a refusal."""


class RedisControl(Control):
    """An application's `control`, which asks and commands its workers over Redis instead of the task broker.

    What must outlive the workers that hear it (a revoked id, a paused queue) is written to Redis before it is
    broadcast, once and by the caller: so two commands after another can never be written in the wrong order.
    """

    mailbox: Mailbox

    def __init__(self, app: Any = None) -> None:
        super().__init__(app)
        # Without a pool kombu publishes over the connection at hand; the pool is the task broker's.
        self.mailbox._producer_pool = None  # type: ignore[attr-defined]  # private, and the only way: pin kombu
        self.mailbox.accept = ["json"]
        self.mailbox.serializer = "json"

    def broadcast(  # type: ignore[override]  # the rest is passed on as it is
        self, command: str, arguments: Any = None, destination: Any = None, connection: Any = None, **settings: Any
    ) -> Any:
        """Send a command, and collect the answers when `reply` is true; raises when Redis is away.

        Workers that are named in `destination` have 5 s to answer, and others 1 s, unless `timeout` says otherwise;
        once all that are named have answered, nothing is waited for.
        Each call has its own connection: a kept one might be of a Redis that has since forgotten the reply queue.
        """
        if destination:
            settings.setdefault("timeout", NAMED_WORKER_SECONDS)
        self._remember(command, arguments or {})
        if connection is not None:
            return super().broadcast(command, arguments, destination, connection, **settings)
        with bus_of(self.app).connection() as own:
            return super().broadcast(command, arguments, destination, own, **settings)

    def _remember(self, command: str, arguments: dict[str, Any]) -> None:
        bus = bus_of(self.app)
        policy = bus.policy
        if "queue" in arguments and bus.options.queues and arguments["queue"] not in bus.options.queues:
            return  # the workers say that there is none; what was remembered would bind those to come
        match command:
            case "revoke" | "terminate":
                ids = arguments["task_id"]
                policy.revoke([ids] if isinstance(ids, str) else list(ids or ()))
            case "pause_queue":
                policy.pause([arguments["queue"]])
            case "resume_queue":
                policy.resume(arguments["queue"])
