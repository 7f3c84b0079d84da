"""How each process type scales: what a worker does at once, how long a job takes, and the policy that follows the work.

The one source of these numbers: the poller publishes by them, `speaktracker simulate` tries them on a day, and the
template takes targets and bounds from here.
"""

from dataclasses import dataclass

from shared.kernel.queues import Queue

PERIOD_SECONDS = 60.0
"""A number is published once a minute, and judged as often."""
OUT_PERIODS = 3
IN_PERIODS = 15
IN_SHARE = 0.9
"""Target tracking as AWS does it: out after three minutes above the target, in after fifteen below nine tenths of it
(docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html; its alarms have these numbers)."""
GUARD_SHARE = 0.5
"""By how much of itself, one instance at least, a group grows in a minute in which its oldest message is too old."""
CLEAR_SECONDS = 60.0
"""What waits shall be done within so long: as many more workers are wanted as that takes."""


@dataclass(frozen=True)
class ScalingPolicy:
    """How a group follows its work.

    BacklogPerWorker (see `backlog_per_worker`) is kept at `utilisation`. `oldest_seconds` is the guard: a message
    older than that adds instances in the next minute. `least` and `most` are instances; 0 is a group that may be gone
    while there is nothing to do.
    """

    utilisation: float
    oldest_seconds: float
    least: int
    most: int


@dataclass(frozen=True)
class WorkerGroup:
    """One process type of the Procfile that works off queues, and the instances that run it; all times in seconds.

    `service_seconds` is how long a job holds one of a worker's `places`, and `jobs_per_second` what a worker does at
    most, where the processor ends before the places do. `start_seconds` is from the decision until a new instance
    receives, `drain_seconds` how long one that is no longer wanted may finish what it has begun. The objective: of all
    jobs `share` wait no longer than `wait_seconds`.
    """

    name: str
    queues: tuple[Queue, ...]
    places: int
    service_seconds: float
    wait_seconds: float
    share: float
    policy: ScalingPolicy
    jobs_per_second: float | None = None
    workers_per_instance: int = 2
    instance_type: str = "c6i.large"
    start_seconds: float = 120.0
    drain_seconds: float = 20.0

    @property
    def rate(self) -> float:
        """Return how many jobs a second a worker does at most."""
        by_places = self.places / self.service_seconds
        return by_places if self.jobs_per_second is None else min(by_places, self.jobs_per_second)

    @property
    def busy_places(self) -> float:
        """Return how many jobs are in flight in a worker that does as many as it can (Little's law)."""
        return self.rate * self.service_seconds


GROUPS: tuple[WorkerGroup, ...] = (
    WorkerGroup(
        "worker-persistence", (Queue.PERSISTENCE,), 16, 0.05, 3.0, 0.99, ScalingPolicy(0.6, 30.0, 1, 20),
        jobs_per_second=60.0,
    ),
    WorkerGroup("worker-tts", (Queue.TTS, Queue.TTS_LONG), 16, 0.6, 3.0, 0.95, ScalingPolicy(0.6, 15.0, 1, 40)),
    WorkerGroup("worker-ai", (Queue.AI_CHAT, Queue.AI_TASKS), 40, 4.0, 3.0, 0.95, ScalingPolicy(0.6, 10.0, 1, 40)),
    WorkerGroup(
        "worker-speech", (Queue.SPEECH,), 1, 2.5, 8.0, 0.95, ScalingPolicy(0.6, 20.0, 1, 600), drain_seconds=60.0
    ),
    WorkerGroup(
        "worker-graphs", (Queue.GRAPH_REQUESTS,), 1, 45.0, 600.0, 0.95, ScalingPolicy(0.9, 900.0, 0, 50),
        drain_seconds=450.0,
    ),
    WorkerGroup("worker-graph-results", (Queue.GRAPH_RESULTS,), 4, 0.1, 10.0, 0.95, ScalingPolicy(0.6, 60.0, 1, 4)),
    WorkerGroup("dead-letters", (Queue.DEAD_LETTERS,), 2, 0.1, 60.0, 0.95, ScalingPolicy(0.6, 300.0, 1, 4)),
)  # fmt: skip
"""Every group of workers; queues and places are the Procfile's, guards the ages at which somebody is told.

Service times are planned: a sentence of five seconds takes 0.34 s of a core each to hear and score (docs/speech.md)
and its calls, a turn as long as the partner speaks, a voice two calls of Polly, a map what `bench.graph` shows.
"""


@dataclass(frozen=True)
class GatewayPolicy:
    """How gateways follow the people: by what one instance may hold, and by its processor; bounds in instances."""

    connections: int = 15_000
    processor_percent: float = 60.0
    least: int = 2
    most: int = 40
    start_seconds: float = 120.0
    instance_type: str = "c6i.large"


GATEWAYS = GatewayPolicy()


def backlog_per_worker(group: WorkerGroup, waiting: float, in_flight: float, workers: float, rate: float) -> float:
    """Return how many times a worker's work each of a group's workers has: 1 is all that it can do.

    That is what is in flight over what a worker has in flight at most, and what waits over what a worker does in
    CLEAR_SECONDS at `rate`, the jobs a second that a worker shows. In flight counts, so that a group without a backlog
    is measured by how busy it is: one that kept only its backlog small would shrink until it fails, and grow again.
    What is in flight beyond that was fetched ahead, and waits in a worker. The least that divides is one worker: of a
    group that is gone, it is the work for the first.
    """
    begun = min(in_flight, workers * group.busy_places)
    busy = begun / group.busy_places + (waiting + in_flight - begun) / (rate * CLEAR_SECONDS)
    return busy / max(1.0, workers)
