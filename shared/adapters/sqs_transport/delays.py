"""Delays by SQS's DelaySeconds: a waiting task costs no worker anything and survives every restart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .envelope import DUE_HEADER, Envelope


def due_time(headers: Mapping[str, Any]) -> float | None:
    """The time at which a message is to run, in epoch seconds: its eta or, after a hop, the original one. None: now.

    A time without a zone is UTC. An eta that is no time is None here; Celery refuses it with a reason.
    """
    due = headers.get(DUE_HEADER)
    if isinstance(due, (int, float)):
        return float(due)
    try:
        eta = datetime.fromisoformat(headers["eta"])
    except (KeyError, TypeError, ValueError):
        return None
    return (eta if eta.tzinfo else eta.replace(tzinfo=UTC)).timestamp()


def delay_until(due: float, now: float, ceiling: int) -> int:
    """Whole seconds to ask of SQS, rounded up so that nothing runs early, at most its ceiling."""
    return max(0, min(ceiling, math.ceil(due - now)))


def delayed(headers: Mapping[str, Any], due: float, now: float, ceiling: int) -> dict[str, Any]:
    """Headers without the eta, which a worker would hold in memory and a prefetch slot.

    A wait beyond SQS's ceiling keeps its end, for the transport to hop on.
    """
    kept = {name: value for name, value in headers.items() if name not in ("eta", DUE_HEADER)}
    kept["eta"] = None
    if due - now > ceiling:
        kept[DUE_HEADER] = due
    return kept


def is_early(envelope: Envelope, now: float) -> bool:
    """Whether a received message still has to wait; within half a second of its time it has not."""
    due = due_time(envelope["headers"])
    return due is not None and due - now > 0.5
