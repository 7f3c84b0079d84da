"""A day of the whole platform: each group of workers under its policy, and the gateways, for so many learners."""

from dataclasses import dataclass, replace

from cli.scaling.fleet import Fleet
from cli.scaling.group_day import GroupDay, Simulation
from cli.scaling.habits import DAY_SECONDS, HOUR_SECONDS, Curve, jobs_a_second
from cli.scaling.prices import Prices
from cli.scaling.tracking import Tracker
from shared.kernel.scaling import GATEWAYS, GROUPS, PERIOD_SECONDS, GatewayPolicy, WorkerGroup

CONNECTIONS_A_LEARNER = 2
"""A room's socket and the learner's own channel."""


@dataclass(frozen=True)
class GatewayDay:
    """The gateways of a day: instances by the minute, and what was paid for."""

    connections: int
    instances: list[tuple[float, int]]
    instance_seconds: float
    most_instances: int


@dataclass(frozen=True)
class Day:
    """A day of so many learners at its busiest time."""

    learners: int
    groups: list[GroupDay]
    gateways: GatewayDay

    @property
    def is_kept(self) -> bool:
        """Tell whether every group kept its objective."""
        return all(one.is_kept for one in self.groups)

    def dollars(self, prices: Prices) -> float:
        """Return what the instances cost."""
        gateways = self.gateways.instance_seconds / HOUR_SECONDS * prices.instance_hour(GATEWAYS.instance_type)
        return gateways + sum(group_dollars(one, prices) for one in self.groups)


def group_dollars(day: GroupDay, prices: Prices) -> float:
    """Return what the instances of a group cost in a simulated time."""
    return day.instance_seconds / HOUR_SECONDS * prices.instance_hour(day.group.instance_type)


def simulate_day(learners: int, curve: Curve, groups: tuple[WorkerGroup, ...] = GROUPS, seed: int = 0) -> Day:
    """Return a day of so many learners; the same seed is the same day."""
    found = [simulate_group(group, learners, curve, seed) for group in groups]
    return Day(learners, found, simulate_gateways(learners, curve))


def simulate_group(group: WorkerGroup, learners: int, curve: Curve, seed: int = 0) -> GroupDay:
    """Return a day of one group, which begins with as many instances as that hour needs.

    The day's curve is read once a period: a call for each second would cost more than the queue does.
    """
    per_learner = jobs_a_second(group.name, 1.0) * learners
    periods = range(int(DAY_SECONDS / PERIOD_SECONDS))
    rates = [per_learner * curve((number + 0.5) * PERIOD_SECONDS) for number in periods]
    at_midnight = rates[0] / (group.rate * group.workers_per_instance * group.policy.utilisation)
    running = min(group.policy.most, max(group.policy.least, -int(-at_midnight // 1)))
    simulation = Simulation(group, Tracker(group.policy), running=running)
    return simulation.run(lambda now: rates[int((now - 1e-6) / PERIOD_SECONDS)], DAY_SECONDS, seed)


def simulate_gateways(learners: int, curve: Curve, policy: GatewayPolicy = GATEWAYS) -> GatewayDay:
    """Return a day of the gateways, which follow the connections minute by minute; connections do not wait."""

    def wanted(now: float) -> int:
        held = learners * curve(now) * CONNECTIONS_A_LEARNER
        return min(policy.most, max(policy.least, -int(-held // policy.connections)))

    fleet = Fleet(wanted(0.0), policy.start_seconds, drain_seconds=PERIOD_SECONDS)
    instances = []
    for number in range(1, int(DAY_SECONDS / PERIOD_SECONDS) + 1):
        now = number * PERIOD_SECONDS
        fleet.advance(now, PERIOD_SECONDS)
        if wanted(now) != fleet.wanted:
            fleet.follow(wanted(now), now)
        instances.append((now, fleet.billed))
    return GatewayDay(learners * CONNECTIONS_A_LEARNER, instances, fleet.billed_seconds, fleet.most)


def cheaper(group: WorkerGroup, learners: int, curve: Curve, prices: Prices) -> GroupDay:
    """Return the day of the cheapest policy of a group that keeps the objective, of those that are tried.

    For each least number of instances (the policy's own, and quarters of the most that its own policy took) the
    highest utilisation is looked for that keeps the objective; where none does, the policy's own day is returned.
    """
    own = simulate_group(group, learners, curve)
    kept = [own] if own.is_kept else []
    floors = {group.policy.least, *(own.most_instances * quarter // 4 for quarter in (1, 2))}
    for least in sorted(one for one in floors if one >= group.policy.least):
        for utilisation in UTILISATIONS:
            policy = replace(group.policy, utilisation=utilisation, least=least)
            tried = simulate_group(replace(group, policy=policy), learners, curve)
            if tried.is_kept:
                kept.append(tried)
                break
    return min(kept, key=lambda one: group_dollars(one, prices), default=own)


UTILISATIONS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
