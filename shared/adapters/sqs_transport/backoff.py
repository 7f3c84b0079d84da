"""How long to wait before trying again."""

from __future__ import annotations

import random


def pause(failures: int, *, base: float = 0.5, ceiling: float = 30.0) -> float:
    """Seconds to wait after so many failures in a row: the base, doubling, bounded, spread over the upper half.

    The spread keeps a fleet from coming back in step after an outage (AWS Builders' Library, "Timeouts, retries,
    and backoff with jitter"). Never raises, however many failures there were.
    """
    whole = min(ceiling, base * 2 ** min(max(failures - 1, 0), 20))
    return float(whole * (0.5 + random.random() / 2))
