"""The policy at work: what AWS's target tracking, with the guard beside it, makes of what is published."""

import math
from dataclasses import dataclass

from shared.kernel.scaling import GUARD_SHARE, IN_PERIODS, IN_SHARE, OUT_PERIODS, ScalingPolicy


@dataclass
class Tracker:
    """One group's policy; it is told once a period, and remembers for how many a number has been too high or too low.

    A group that is gone is brought back by whatever waits, in the next period.
    """

    policy: ScalingPolicy
    out_periods: int = OUT_PERIODS
    in_periods: int = IN_PERIODS
    _above: int = 0
    _below: int = 0

    def wanted(self, backlog: float, oldest: float, running: int, wanted: int) -> int:
        """Return how many instances are wanted from now on, within the bounds.

        `backlog` is BacklogPerWorker, over the `running` instances; `wanted` is what was wanted until now, which
        differs while instances start or drain.
        """
        policy = self.policy
        self._above = self._above + 1 if backlog > policy.utilisation else 0
        self._below = self._below + 1 if backlog < IN_SHARE * policy.utilisation else 0
        fitting = math.ceil(round(max(1, running) * backlog / policy.utilisation, 6))
        found = wanted
        if wanted == 0 and backlog > 0:
            found = 1
        elif self._above >= self.out_periods:
            found = max(wanted, fitting)
        elif self._below >= self.in_periods:
            found = min(wanted, fitting)
        if oldest > policy.oldest_seconds:
            found = max(found, wanted + max(1, math.ceil(wanted * GUARD_SHARE)))
        return min(policy.most, max(policy.least, found))
