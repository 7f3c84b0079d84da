"""How a task's message arrived, for the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .envelope import DELIVERY_HEADER


@dataclass(frozen=True, slots=True)
class Delivery:
    """One arrival of a message; times in seconds.

    ``receives`` is SQS's count, which hand-backs and crashes raise alike. ``queue_seconds`` runs from the send, delays
    and earlier receives included, to this receive. The message is hidden for ``lease_seconds`` from ``received_at``
    (epoch), and renewed for as long as the task runs within its limit.
    """

    message_id: str = ""
    receives: int = 1
    queue: str = ""
    queue_seconds: float = 0.0
    group: str | None = None
    lease_seconds: int = 0
    received_at: float = 0.0


def delivery_of(request: Any) -> Delivery:
    """Read the delivery from a bound task's ``self.request``; all defaults where another transport delivered it."""
    header = request.get(DELIVERY_HEADER)
    return Delivery(**header) if isinstance(header, dict) else Delivery()
