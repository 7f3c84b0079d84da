"""A day, or any length of time, of one group of workers under its policy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from cli.scaling.fleet import Fleet
from cli.scaling.queueing import Line, Servers, poisson_arrivals
from cli.scaling.tracking import Tracker
from shared.kernel.scaling import PERIOD_SECONDS, WorkerGroup, backlog_per_worker

STEP_SECONDS = 1.0


@dataclass(frozen=True)
class Moment:
    """What was seen at the end of a period: jobs that waited and were in flight, seconds, and instances."""

    at: float
    waiting: int
    in_flight: float
    oldest: float
    running: int
    billed: int


@dataclass
class GroupDay:
    """What a simulation found. `late` of `arrived` jobs waited longer than their objective allows."""

    group: WorkerGroup
    moments: list[Moment] = field(default_factory=list)
    arrived: int = 0
    done: int = 0
    late: int = 0
    left: int = 0
    waited_seconds: float = 0.0
    instance_seconds: float = 0.0
    most_instances: int = 0

    @property
    def on_time(self) -> float:
        """Return the share of jobs that waited no longer than their objective allows."""
        return 1 - self.late / self.arrived if self.arrived else 1.0

    @property
    def is_kept(self) -> bool:
        """Tell whether the objective was kept."""
        return self.on_time >= self.group.share

    @property
    def longest_wait(self) -> float:
        """Return the greatest age that was seen of a waiting job."""
        return max((one.oldest for one in self.moments), default=0.0)

    @property
    def most_waiting(self) -> int:
        """Return the greatest backlog that was seen."""
        return max((one.waiting for one in self.moments), default=0)


class Simulation:
    """One group: jobs arrive at random, wait for a place, and hold it; once a period the policy decides."""

    def __init__(
        self,
        group: WorkerGroup,
        tracker: Tracker,
        *,
        running: int,
        step: float = STEP_SECONDS,
        period: float = PERIOD_SECONDS,
    ) -> None:
        """Begin with so many instances that run and nothing to do."""
        self._group, self._tracker, self._step, self._period = group, tracker, step, period
        self.line = Line(group.wait_seconds)
        self.servers = Servers(group.service_seconds, step)
        self.fleet = Fleet(running, group.start_seconds, group.drain_seconds)
        self._moments: list[Moment] = []

    def run(self, rate: Callable[[float], float], seconds: float, seed: int = 0) -> GroupDay:
        """Let so much time pass, in which jobs come at a rate a second that depends on the time."""
        arrivals = poisson_arrivals(rate, self._step, Random(seed))
        steps = round(seconds / self._step)
        each = max(1, round(self._period / self._step))
        for number in range(1, steps + 1):
            now = number * self._step
            self.advance(arrivals(now), now)
            if number % each == 0:
                self.decide(now)
        return self._day(steps * self._step)

    def advance(self, arrived: int, now: float) -> None:
        """Let one step pass, at whose end so many jobs have arrived."""
        group, fleet, line, servers = self._group, self.fleet, self.line, self.servers
        fleet.advance(now, self._step)
        workers = fleet.running * group.workers_per_instance
        line.join(arrived, now)
        free = servers.free(workers * group.places, workers * group.rate, now)
        servers.begin(line.take(free, now), now)

    def decide(self, now: float) -> None:
        """Let the policy see how things stand, and do as it says; once a period."""
        fleet, line, group = self.fleet, self.line, self._group
        workers = fleet.running * group.workers_per_instance
        in_flight, oldest = self.servers.in_flight, line.oldest(now)
        backlog = backlog_per_worker(group, line.waiting, in_flight, workers, group.rate)
        self._moments.append(Moment(now, line.waiting, in_flight, oldest, fleet.running, fleet.billed))
        wanted = self._tracker.wanted(backlog, oldest, fleet.running, fleet.wanted)
        if wanted != fleet.wanted:
            fleet.follow(wanted, now)

    def _day(self, now: float) -> GroupDay:
        line = self.line
        return GroupDay(
            group=self._group,
            moments=self._moments,
            arrived=line.arrived,
            done=self.servers.done,
            late=line.late + line.overdue(now),
            left=line.waiting,
            waited_seconds=line.waited_seconds,
            instance_seconds=self.fleet.billed_seconds,
            most_instances=self.fleet.most,
        )
