"""The simulator beside a real run: ``python -m bench.scaling [seconds]``.

Real Celery workers on an emulated SQS do jobs that sleep. A surge comes that one worker cannot bear; the policy that
the simulator has starts and stops workers by what it sees, minutes being two seconds here. Beforehand one worker alone
shows how long a job takes it. By that, the mean time that workers of the run took to start (a busy machine's differ by
half from minute to minute), the jobs as they came and the policy, the simulator says what should have been. Printed are
both and how far they are apart; exits with 1 where backlog, age or drain are more than 20 % apart.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from bench.queue_rig import Rig, until
from bench.scaling_run import Trial, run
from cli.scaling.group_day import Simulation
from cli.scaling.tracking import Tracker
from shared.kernel.queues import Queue
from shared.kernel.scaling import ScalingPolicy, WorkerGroup

POOL = "shared.adapters.sqs_transport.pool:TaskPool"
SECONDS = 120.0
PERIOD = 2.0
PERIODS = (2, 10)
STEP = 0.05
PLACES = 4
SLEEP = 0.8
CALIBRATING_JOBS = 40
GOAL = 0.20
BACKLOG, AGE, DRAINED = "greatest backlog, jobs", "greatest age, s", "drained after the surge began, s"
PROMISED = (BACKLOG, AGE, DRAINED)
GROUP = WorkerGroup(
    "trial",
    (Queue.TTS,),
    PLACES,
    SLEEP,
    5.0,
    0.95,
    ScalingPolicy(0.7, 8.0, 1, 4),
    workers_per_instance=1,
    drain_seconds=1.0,
)


@dataclass(frozen=True)
class Found:
    """What is compared: the greatest backlog and its mean, the greatest age, seconds of drain, workers, their hours."""

    most_waiting: float
    mean_waiting: float
    longest_wait: float
    drained_after: float
    most_workers: int
    worker_seconds: float


def rate(seconds: float) -> Callable[[float], float]:
    """Return the curve of a run: a quarter calm, a quarter three times what a worker can do, and calm again."""
    calm, surge = 0.4 * PLACES / SLEEP, 2.4 * PLACES / SLEEP
    return lambda now: surge if seconds / 4 <= now < seconds / 2 else calm


def main(arguments: list[str]) -> None:
    """Calibrate, predict, run, compare."""
    os.environ.update({"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    seconds = float(arguments[0]) if arguments else SECONDS
    with _rig() as rig:
        group = calibrated(rig)
    with _rig() as rig:
        # what a job takes beyond its sleep is the worker's own, and comes by itself
        trial = run(rig, replace(group, service_seconds=SLEEP), rate(seconds), seconds, PERIOD, PERIODS)
    group = replace(group, start_seconds=mean(trial.starts))
    print(f"a job takes {group.service_seconds:.2f} s, a start {group.start_seconds:.1f} s", flush=True)
    simulated = predicted(group, trial, seconds)
    is_near = show(real(trial, seconds), simulated)
    raise SystemExit(0 if is_near else 1)


def _rig() -> Rig:
    return Rig(Path(tempfile.mkdtemp(prefix="scaling-")), transport="ours", pool=POOL, prefetch=1)


def calibrated(rig: Rig) -> WorkerGroup:
    """Return the group with the service time that one worker shows alone."""
    for number in range(CALIBRATING_JOBS):
        rig.send("slow", str(number), SLEEP)
    rig.start(PLACES, level="WARNING")
    until(lambda: len(rig.marks("end")) == CALIBRATING_JOBS, 60, "all is done")
    times = sorted(float(words[0]) for words in rig.marks("begin"))
    service = (times[-1] - times[PLACES - 1]) / (CALIBRATING_JOBS - PLACES) * PLACES
    return replace(GROUP, service_seconds=service)


def real(trial: Trial, seconds: float) -> Found:
    """Return what a real run came to."""
    after = [one.at for one in trial.seen if one.at >= seconds / 2 and one.waiting <= PLACES]
    return Found(
        most_waiting=max(one.waiting for one in trial.seen),
        mean_waiting=sum(one.waiting for one in trial.seen) / len(trial.seen),
        longest_wait=max(one.oldest for one in trial.seen),
        drained_after=min(after) - seconds / 4,
        most_workers=max(one.workers for one in trial.seen),
        worker_seconds=trial.worker_seconds,
    )


def predicted(group: WorkerGroup, trial: Trial, seconds: float) -> Found:
    """Return what the simulator says of a run in which the jobs come as they came."""
    length = trial.seen[-1].at
    simulation = Simulation(group, Tracker(group.policy, *PERIODS), running=1, step=STEP, period=PERIOD)
    began = trial.sent[0]
    due = [0] * (round(length / STEP) + 2)
    for at in trial.sent:
        due[min(len(due) - 1, round((at - began) / STEP) + 1)] += 1
    waiting, oldest = [], []
    for number in range(1, round(length / STEP) + 1):
        now = number * STEP
        simulation.advance(due[number], now)
        waiting.append(simulation.line.waiting)
        oldest.append(simulation.line.oldest(now))
        if number % round(PERIOD / STEP) == 0:
            simulation.decide(now)
    half = round(seconds / 2 / STEP)
    drained = next(number for number in range(half, len(waiting)) if waiting[number] <= PLACES) * STEP
    return Found(
        most_waiting=max(waiting),
        mean_waiting=sum(waiting) / len(waiting),
        longest_wait=max(oldest),
        drained_after=drained - seconds / 4,
        most_workers=simulation.fleet.most,
        worker_seconds=simulation.fleet.billed_seconds,
    )


def show(measured: Found, simulated: Found) -> bool:
    """Print both, and tell whether they are near enough."""
    rows = {
        BACKLOG: (measured.most_waiting, simulated.most_waiting),
        "mean backlog, jobs": (measured.mean_waiting, simulated.mean_waiting),
        AGE: (measured.longest_wait, simulated.longest_wait),
        DRAINED: (measured.drained_after, simulated.drained_after),
        "most workers": (measured.most_workers, simulated.most_workers),
        "worker seconds": (measured.worker_seconds, simulated.worker_seconds),
    }
    print(f"{'':34}{'real':>9}{'simulated':>11}{'apart':>8}")
    apart = {name: abs(told / was - 1) for name, (was, told) in rows.items()}
    for name, (was, told) in rows.items():
        print(f"{name:34}{was:9.1f}{told:11.1f}{apart[name]:8.0%}")
    is_near = all(apart[name] <= GOAL for name in PROMISED)
    print(f"{', '.join(PROMISED)}: {'within' if is_near else 'NOT within'} {GOAL:.0%}")
    return is_near


if __name__ == "__main__":
    main(sys.argv[1:])
