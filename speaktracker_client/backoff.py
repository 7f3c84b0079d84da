"""How long to wait before trying again."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Waits of up to `first` seconds, doubled each time up to `longest`, anywhere in between at random.

    Full jitter keeps ten thousand clients that one gateway lost from coming back in the same instant: of the ways that
    Brooker (AWS Architecture Blog, 2015) compared it makes the fewest calls.
    """

    first: float = 0.5
    longest: float = 30.0

    def seconds(self, attempt: int) -> float:
        """Return the seconds to wait before an attempt; the first is 0."""
        return random.uniform(0.0, min(self.longest, self.first * 2.0 ** min(attempt, 32)))
