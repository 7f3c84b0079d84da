"""What can be chosen, by Celery's ``broker_transport_options``.

Every option has a default that is safe for tasks of any length; only ``predefined_queues`` has to be given.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

logger = logging.getLogger(__name__)

#: SQS refuses a DelaySeconds above this (SendMessage, API reference).
LONGEST_DELAY_SECONDS = 900
#: SQS ends every claim this long after the receive, however often it was renewed (ChangeMessageVisibility).
LONGEST_LEASE_SECONDS = 43_200
#: Options that kombu and Celery read themselves, or that only the stock transport knows.
FOREIGN_OPTIONS = frozenset(
    {
        *("polling_interval", "visibility_timeout", "is_secure", "client-config", "confirm_publish"),
        *("max_retries", "interval_start", "interval_step", "interval_max", "connect_retries_timeout", "errback"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The transport's settings, read once a connection.

    Times are in seconds. ``lease_seconds`` is how long a crashed worker's messages stay hidden, whatever the task's
    length. ``max_receives`` of 0 leaves crash loops to the queue's own RedrivePolicy. ``last_resort_task`` names the
    task that is given, as one mapping, what cannot be run in a queue without dead letters. ``stop_seconds`` is how long
    a worker that was told to stop waits for what runs, before it hands it back and ends. ``delay_ceiling`` is SQS's
    own limit and is lowered only to test hops.
    """

    predefined_queues: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    region: str | None = None
    endpoint_url: str | None = None
    lease_seconds: int = 60
    wait_time_seconds: int = 10
    max_receives: int = 0
    unknown_task_seconds: int = 15
    unknown_task_receives: int = 40
    last_resort_task: str = ""
    retry_ceiling_seconds: int = 300
    connect_timeout_seconds: float = 3.0
    call_timeout_seconds: float = 5.0
    call_attempts: int = 3
    batch_bytes: int = 262_144
    end_when_deaf: bool = False
    deaf_seconds: float = 0.0
    stop_seconds: float = 15.0
    delay_ceiling: int = LONGEST_DELAY_SECONDS

    def __post_init__(self) -> None:
        """Refuse what SQS would refuse later, one call at a time. Raises ValueError."""
        if not 1 <= self.lease_seconds <= LONGEST_LEASE_SECONDS:
            raise ValueError(f"lease_seconds is {self.lease_seconds}: 1 to {LONGEST_LEASE_SECONDS} are possible")
        if not 0 <= self.wait_time_seconds <= 20:
            raise ValueError(f"wait_time_seconds is {self.wait_time_seconds}: 0 to 20 are possible")

    @property
    def deaf_after(self) -> float:
        """Seconds without a successful receive after which a consumer counts as deaf: three waits if not chosen."""
        return self.deaf_seconds or 3.0 * max(1, self.wait_time_seconds)


def read_options(given: Mapping[str, Any]) -> Options:
    """Read transport options; an unknown one is named in the log, so that a misspelt one is not silently ignored.

    Raises ValueError or TypeError for a value that SQS would refuse.
    """
    known = {f.name for f in fields(Options)}
    for name in sorted(set(given) - known - FOREIGN_OPTIONS):
        logger.warning("the SQS transport has no option %r; it is ignored", name)
    return Options(**{name: value for name, value in given.items() if name in known})
