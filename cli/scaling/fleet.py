"""The instances of a group: wanted, starting, running, draining, and paid for all that time."""

from collections import deque

LEAST_BILLED_SECONDS = 60.0
"""EC2 bills by the second, and a minute at least (aws.amazon.com/ec2/pricing/on-demand)."""


class Fleet:
    """Instances that follow what is wanted: a new one takes its time to start, one that goes finishes what it began."""

    def __init__(self, running: int, start_seconds: float, drain_seconds: float) -> None:
        """Begin with so many that run."""
        self._start, self._drain = start_seconds, max(drain_seconds, 0.0)
        self.running = self.wanted = self.most = running
        self.billed_seconds = 0.0
        self._starting: deque[tuple[float, int]] = deque()
        self._draining: deque[tuple[float, int]] = deque()

    @property
    def billed(self) -> int:
        """Return how many are paid for."""
        return self.running + sum(count for _, count in self._starting) + sum(count for _, count in self._draining)

    def follow(self, wanted: int, now: float) -> None:
        """Want so many from now on; those that have not started are given up first."""
        change, self.wanted = wanted - self.wanted, wanted
        if change > 0:
            self._starting.append((now + self._start, change))
            return
        surplus = -change
        while surplus and self._starting:
            ready, count = self._starting.pop()
            given_up = min(surplus, count)
            surplus -= given_up
            if count > given_up:
                self._starting.append((ready, count - given_up))
        if surplus:
            self.running -= surplus
            self._draining.append((now + self._drain, surplus))

    def advance(self, now: float, step: float) -> None:
        """Let a step of time pass that ends now."""
        while self._starting and self._starting[0][0] <= now:
            self.running += self._starting.popleft()[1]
        while self._draining and self._draining[0][0] <= now:
            self._draining.popleft()
        billed = self.billed if self._starting or self._draining else self.running
        self.billed_seconds += billed * step
        self.most = max(self.most, billed)
