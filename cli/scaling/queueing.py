"""A queue and those who serve it, in steps of time: first come, first served, each job as long as the others."""

import math
from collections import deque
from collections.abc import Callable
from random import Random

Arrivals = Callable[[float], int]
"""How many jobs arrive in the step that ends at a time."""
_EXACT_BELOW = 12.0


class Line:
    """What waits, oldest first, and how long what was taken had waited; conserves what came: it waits or was taken."""

    def __init__(self, wait_seconds: float) -> None:
        """Begin with nothing; a job that waits longer than that is late."""
        self._limit = wait_seconds
        self._groups: deque[list[float]] = deque()
        self.arrived = self.taken = self.late = self.waiting = 0
        self.waited_seconds = 0.0

    def join(self, count: int, now: float) -> None:
        """Put so many at the end."""
        if count:
            self._groups.append([now, count])
            self.arrived += count
            self.waiting += count

    def take(self, most: int, now: float) -> int:
        """Take so many from the front, or all that there are, and return how many."""
        left = taken = min(most, self.waiting)
        while left:
            group = self._groups[0]
            some = min(left, int(group[1]))
            waited = now - group[0]
            self.waited_seconds += waited * some
            self.late += some if waited > self._limit else 0
            group[1] -= some
            left -= some
            if not group[1]:
                self._groups.popleft()
        self.waiting -= taken
        self.taken += taken
        return taken

    def overdue(self, now: float) -> int:
        """Return how many wait that are late already."""
        return sum(int(count) for since, count in self._groups if now - since > self._limit)

    def oldest(self, now: float) -> float:
        """Return how long the first has waited; 0 where nothing waits."""
        return now - self._groups[0][0] if self._groups else 0.0


class Servers:
    """Places that each hold a job for its service time; shorter jobs than a step share a place within it."""

    def __init__(self, service_seconds: float, step: float) -> None:
        """Begin idle."""
        self._service, self._step = service_seconds, step
        self._is_long = service_seconds >= step
        self._ends: deque[tuple[float, int]] = deque()
        self._busy = self.done = 0
        self._flow = 0.0
        self._credit = math.inf

    @property
    def in_flight(self) -> float:
        """Return how many jobs are being done; of short ones the mean of the last step."""
        return self._busy if self._is_long else self._flow * self._service / self._step

    def free(self, places: float, rate: float, now: float) -> int:
        """Return how many may begin at a time, where there are so many places that do so many jobs a second."""
        while self._ends and self._ends[0][0] <= now + 1e-9:
            ended = self._ends.popleft()[1]
            self._busy -= ended
            self.done += ended
        self._credit = min(self._credit, places if self._is_long else 1.0) + rate * self._step
        by_rate = int(self._credit + 1e-9)
        return max(0, min(by_rate, int(places + 1e-9) - self._busy)) if self._is_long else by_rate

    def begin(self, count: int, now: float) -> None:
        """Begin so many."""
        self._credit -= count
        self._flow = count
        if not self._is_long:
            self.done += count
        elif count:
            self._busy += count
            self._ends.append((now + self._service, count))


def poisson_arrivals(rate: Callable[[float], float], step: float, random: Random) -> Arrivals:
    """Return arrivals at random, of a rate in jobs a second that may change with the time."""
    return lambda now: poisson(rate(now) * step, random)


def poisson(mean: float, random: Random) -> int:
    """Return a number drawn from Poisson's distribution.

    By Knuth's product of uniform numbers where the mean is small (The Art of Computer Programming, 3.4.1), else by the
    normal distribution that it comes near to.
    """
    if mean >= _EXACT_BELOW:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
