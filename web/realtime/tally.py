"""What is counted for every frame and push: plain numbers, added to on the event loop, read when metrics are told."""

import time
from collections import Counter
from datetime import datetime

OK, REFUSED = "ok", "refused"
UNKNOWN = "unknown"
_CREATED = b'"createdAt":"'
_INSTANT = len("2026-01-01T00:00:00.000000Z")


class Tally:
    """The counts of one gateway process, all of whose frames and pushes pass one thread."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.deliveries = 0
        self.overflows = 0
        self.resyncs = 0
        self.resumes: Counter[str] = Counter()
        self.frames: Counter[tuple[str, str]] = Counter()


TALLY = Tally()
"""This process's; it is imported after the fork."""


def age_of(payload: bytes) -> float | None:
    """Return the seconds since a pushed message was accepted, by its own `createdAt`; None where it tells none.

    A person's words cannot be taken for it: `createdAt` comes after them, and quotes in words are escaped.
    """
    at = payload.rfind(_CREATED)
    if at < 0:
        return None
    begin = at + len(_CREATED)
    try:
        created = datetime.fromisoformat(payload[begin : begin + _INSTANT].decode("ascii"))
    except ValueError:
        return None
    return max(0.0, time.time() - created.timestamp())
