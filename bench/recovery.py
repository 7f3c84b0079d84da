"""What dies, is frozen or is told to stop, and how soon its work goes on: ``python -m bench.recovery [kills]``.

Two workers of each kind (threads, processes) run jobs of every queue on the laptop's AWS, with the product's own
leases, book of runs and polls. Again and again one of each kind is killed with all that it holds; for each job that it
held the time is taken until another process begins it. Then workers are told to stop, idle and busy, and the calls are
counted that leases of twelve seconds cost beyond leases of sixty.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench.queue_rig import until
from bench.recovery_calls import extra_calls
from bench.recovery_crew import Crew, Kind
from bench.recovery_numbers import percentile, show, show_row
from cli.own_platform import own_platform
from cli.running import running
from shared.kernel.queues import Queue

KILLS = 5
GOAL_SECONDS = 15.0
RUN_SECONDS = 20.0
BUSY_SECONDS = 300.0
STOP_SECONDS = 40.0
LENGTHS = (0.05, 2.0, 8.0)
"""Seconds that jobs take: storing, a voice or an answer of the partner, a long answer or a scored recording."""


def main(arguments: list[str]) -> None:
    """Print three tables."""
    os.environ.update({"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    with tempfile.TemporaryDirectory(prefix="recovery-") as folder, Crew(Path(folder)) as crew:
        recoveries(crew, int(arguments[0]) if arguments else KILLS)
        stops(crew)
    calls()


def recoveries(crew: Crew, kills: int) -> None:
    """Print how soon each queue's jobs went on after the death of the worker that held them."""
    taken: dict[Queue, list[float]] = {queue: [] for queue in Queue}
    for kind in Kind:
        crew.start(kind)
    for number in range(kills):
        for queue, seconds in crew.kill_while_busy(f"kill{number}", RUN_SECONDS).items():
            taken[queue] += seconds
    show("queue", "held jobs", "p50 s", "p95 s", "longest s", f"p95 <= {GOAL_SECONDS:.0f} s")
    for queue, seconds in taken.items():
        p95 = percentile(seconds, 95)
        figures = (percentile(seconds, 50), p95, max(seconds, default=0.0))
        show_row(queue.value, len(seconds), *figures, "yes" if p95 <= GOAL_SECONDS else "NO")


def stops(crew: Crew) -> None:
    """Print how soon a worker ends that is told to, idle and busy, and whether what it ran went on."""
    show("worker", "told to stop", "ended after s", "jobs held", "longest until begun again s")
    for kind in Kind:
        show_row(kind.value, "idle", crew.stop_idle(kind), 0, 0.0)
        ended, seconds = crew.stop_busy(kind, BUSY_SECONDS)
        show_row(kind.value, "busy", ended, len(seconds), max(seconds, default=0.0))
    show_row("the whole platform", "idle", platform_stop(), 0, 0.0)


def platform_stop() -> float:
    """Return the seconds in which a platform of its own ends that nobody uses, as by Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="recovery-") as folder, own_platform(Path(folder) / "run") as started:
        began = time.monotonic()
        os.kill(started.pid, signal.SIGINT)
        until(lambda: started.pid not in running([started.pid]), STOP_SECONDS, "the platform has ended")
        return time.monotonic() - began


def calls() -> None:
    """Print the calls that leases cost, by how long jobs take and how many run at once."""
    show("seconds a job", "at once", "calls a job, 60 s", "calls a job, 12 s", "extra")
    for seconds in LENGTHS:
        for at_once in (1, 40):
            long, short = extra_calls(seconds, at_once)
            show_row(seconds, at_once, long, short, short - long)


if __name__ == "__main__":
    main(sys.argv[1:])
