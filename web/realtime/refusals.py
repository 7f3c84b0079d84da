"""Handshakes that were refused, by address: tickets that are tried out cost a look into the table each."""

import time
from typing import Protocol

from shared.kernel.errors import RateLimited

REFUSED_IN_WINDOW = 300
WINDOW_SECONDS = 10
"""A school behind one address may come back after a deploy with tickets of yesterday, all at once."""
MOST_ADDRESSES = 10_000


class Limits(Protocol):
    """Limits over all processes."""

    def check(self, name: str, who: str, *, allowed: int, seconds: int) -> None:
        """Count one hit of somebody, or raise RateLimited."""


class RefusedHandshakes:
    """Counts refusals over all processes, and remembers here whose are too many: only a refusal costs a round trip."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nobody refused."""
        self._limits = limits
        self._waits: dict[str, float] = {}

    def admit(self, address: str) -> None:
        """Let a handshake of an address pass on to its ticket.

        Raises:
            RateLimited: too many from there were refused.
        """
        left = self._waits.get(address, 0.0) - time.monotonic()
        if left > 0:
            raise RateLimited(
                "Too many refused connections; try again later.",
                "거부된 연결이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
                retry_after=max(1, round(left)),
            )

    def count(self, address: str) -> None:
        """Count one refusal; from the one that is too many on, the address waits."""
        try:
            self._limits.check("refused-handshakes", address, allowed=REFUSED_IN_WINDOW, seconds=WINDOW_SECONDS)
        except RateLimited as problem:
            if len(self._waits) >= MOST_ADDRESSES:
                self._waits.clear()
            self._waits[address] = time.monotonic() + (problem.retry_after or 1)
