"""The rules of saying how much each group of workers has to do, for whoever adds and removes workers by it."""

from collections.abc import Iterable, Sequence
from statistics import mean

from shared.domains.operations.models import GroupLoad, QueueDepth, Sample, WorkerSign
from shared.kernel.scaling import GROUPS, WorkerGroup, backlog_per_worker
from shared.kernel.times import instant

LEAST_SHARE = 0.1
"""A worker that shows less than a tenth of what it should do is broken, not slow: no number of others would help."""
WEIGHT = 0.3
"""How much the newest rate counts beside those before it."""


class GroupWatch:
    """Looks at the groups again and again, and learns how fast their workers are.

    A group's workers show their rate while jobs wait and none of their places is free: what each did between two of its
    signs of life, over the time between them. Until they have shown one it is the group's nominal rate.
    """

    def __init__(self, groups: Sequence[WorkerGroup] = GROUPS) -> None:
        """Begin with the nominal rates."""
        self._groups = groups
        self._rates = {group.name: group.rate for group in groups}
        self._before: dict[str, WorkerSign] = {}

    def loads(self, sample: Sample, signs: Iterable[WorkerSign]) -> list[GroupLoad]:
        """Return what each group has to do by a sample and the signs of life of its time."""
        living = {f"{sign.name}@{sign.host}:{sign.started_at}": sign for sign in signs}
        found = [self._load(group, sample, living) for group in self._groups]
        self._before = living
        return found

    def _load(self, group: WorkerGroup, sample: Sample, living: dict[str, WorkerSign]) -> GroupLoad:
        own = {name: sign for name, sign in living.items() if _serves(sign, group)}
        depths = [one for one in sample.queues if one.queue in group.queues]
        waiting, in_flight = sum(one.visible for one in depths), sum(one.in_flight for one in depths)
        self._learn(group, own, waiting)
        rate = self._rates[group.name]
        return GroupLoad(
            group=group.name,
            workers=len(own),
            waiting=waiting,
            in_flight=in_flight,
            rate=rate,
            backlog=round(backlog_per_worker(group, waiting, in_flight, len(own), rate), 4),
            oldest_seconds=_oldest(depths),
        )

    def _learn(self, group: WorkerGroup, own: dict[str, WorkerSign], waiting: int) -> None:
        both = [(self._before[name], sign) for name, sign in own.items() if name in self._before]
        is_full = waiting > 0 and all(sign.running >= sign.places for pair in both for sign in pair)
        rates = [rate for pair in both if (rate := _rate(*pair)) is not None]
        if not rates or not is_full:
            return
        learnt = self._rates[group.name] * (1 - WEIGHT) + mean(rates) * WEIGHT
        self._rates[group.name] = max(learnt, group.rate * LEAST_SHARE)


def _rate(before: WorkerSign, now: WorkerSign) -> float | None:
    """Return how many jobs a second a worker did between two signs; None where both are one."""
    seconds = (instant(now.heard_at) - instant(before.heard_at)).total_seconds()
    return (now.done - before.done) / seconds if seconds > 0 else None


def _serves(sign: WorkerSign, group: WorkerGroup) -> bool:
    return bool(set(sign.queues) & set(group.queues))


def _oldest(depths: list[QueueDepth]) -> float | None:
    """Return the greatest age that is known; None where none is, and something waits or is in flight."""
    known = [one.oldest_seconds for one in depths if one.oldest_seconds is not None]
    return max(known, default=None)
