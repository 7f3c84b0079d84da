"""The pace of a model: so long to the first token, so many tokens a second after it."""

import asyncio
from typing import NamedTuple


class Pace(NamedTuple):
    """A pace; 0 of either is at once. Times are the loop's own clock, so streams at once do not slow each other."""

    first_token_seconds: float = 0.0
    tokens_per_second: float = 0.0

    @property
    def tokens_at_once(self) -> int:
        """Return how many tokens travel in one event: no more than twenty events a second, eight tokens unpaced."""
        return max(1, round(self.tokens_per_second / 20)) if self.tokens_per_second else 8

    async def until(self, started: float, tokens: int) -> None:
        """Wait until so many tokens would have been spoken since `started`, and give others their turn in any case.

        The schedule is of the start, not of the last wait: what a busy loop delays is caught up with.
        """
        after_first = max(0, tokens - 1) / self.tokens_per_second if self.tokens_per_second else 0.0
        due = started + self.first_token_seconds + after_first
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
