"""How long to wait before trying again."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double up to a longest one, each shortened by up to a half at random.

    The jitter keeps ten thousand clients that one gateway lost from coming back in the same instant.
    """

    first: float = 0.25
    longest: float = 30.0

    def seconds(self, attempt: int) -> float:
        """Return the seconds to wait before an attempt; the first is 0."""
        whole = min(self.longest, self.first * 2.0 ** min(attempt, 32))
        return whole * random.uniform(0.5, 1.0)
