"""A real run of workers that scale: jobs are sent by a curve, Celery workers started and stopped by the policy."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.queue_rig import Rig, Worker
from cli.scaling.tracking import Tracker
from shared.kernel.scaling import WorkerGroup, backlog_per_worker

SAMPLE_SECONDS = 0.25
READY_SECONDS = 60.0


@dataclass
class Seen:
    """One moment of a run: seconds since it began, jobs sent, waiting and running, age of the oldest, workers."""

    at: float
    waiting: int
    running: int
    oldest: float
    workers: int


@dataclass
class Trial:
    """What a real run showed; `starts` is how long each worker took from its start to its first look at the queue."""

    seen: list[Seen] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    worker_seconds: float = 0.0


class Workers:
    """Workers of a rig that follow what is wanted, the last begun being the first to go."""

    def __init__(self, rig: Rig, places: int) -> None:
        self._rig, self._places = rig, places
        self._wanted: list[tuple[Worker, float]] = []
        self.all: list[tuple[Worker, float]] = []

    @property
    def wanted(self) -> int:
        """How many are wanted."""
        return len(self._wanted)

    def follow(self, wanted: int) -> None:
        """Start or stop as many as it takes."""
        while len(self._wanted) < wanted:
            started = (self._rig.start(self._places, ready=False, level="WARNING"), time.time())
            self._wanted.append(started)
            self.all.append(started)
        while len(self._wanted) > wanted:
            self._wanted.pop()[0].terminate()

    def ready_at(self) -> dict[str, float]:
        """When each worker began to receive, by the stem of its name."""
        return {words[3].partition("@")[0]: float(words[0]) for words in self._rig.marks("ready")}

    def running(self) -> int:
        """How many receive and are wanted."""
        ready = self.ready_at()
        return sum(worker.log.stem in ready and worker.is_alive() for worker, _ in self._wanted)

    def starts(self) -> list[float]:
        """How long those took that have begun to receive."""
        ready = self.ready_at()
        return [ready[worker.log.stem] - began for worker, began in self.all if worker.log.stem in ready]


def send_by(rig: Rig, rate: Callable[[float], float], seconds: float, service: float, sent: list[float]) -> None:
    """Send jobs at a rate that changes with the time, evenly, and note the wall clock of each."""
    began, due, now = time.time(), 0.0, 0.0
    while (now := time.time() - began) < seconds:
        while due <= now:
            sent.append(time.time())
            rig.send("slow", str(len(sent) - 1), service)
            due += 1 / rate(due)
        time.sleep(max(0.0, min(due - now, 0.05)))


def run(
    rig: Rig,
    group: WorkerGroup,
    rate: Callable[[float], float],
    seconds: float,
    period: float,
    periods: tuple[int, int],
) -> Trial:
    """Send for so long, scale by the group's policy each period until all is done, and return what was seen."""
    trial, workers = Trial(), Workers(rig, group.places)
    tracker = Tracker(group.policy, *periods)
    workers.follow(group.policy.least)
    workers.all[0][0].wait_ready()
    workers.all.clear()
    sender = threading.Thread(target=send_by, args=(rig, rate, seconds, group.service_seconds, trial.sent), daemon=True)
    began = time.time()
    sender.start()
    next_decision = began + period
    while sender.is_alive() or trial.seen[-1].waiting or trial.seen[-1].running:
        now = time.time()
        seen = _look(rig, trial.sent, workers, now, now - began)
        trial.worker_seconds += (now - began - (trial.seen[-1].at if trial.seen else 0.0)) * workers.wanted
        trial.seen.append(seen)
        if now >= next_decision:
            next_decision += period
            backlog = backlog_per_worker(group, seen.waiting, seen.running, seen.workers, group.rate)
            workers.follow(tracker.wanted(backlog, seen.oldest, seen.workers, workers.wanted))
        time.sleep(max(0.0, now + SAMPLE_SECONDS - time.time()))
    trial.starts = workers.starts()
    return trial


def _look(rig: Rig, sent: list[float], workers: Workers, now: float, at: float) -> Seen:
    """Count by the marks that jobs leave: what a worker holds and has not begun waits, as it does for its person."""
    count = len(sent)
    begun = {int(words[3]) for words in rig.marks("begin")}
    ended = len(rig.marks("end"))
    oldest = next((now - sent[number] for number in range(count) if number not in begun), 0.0)
    return Seen(at, max(0, count - len(begun)), len(begun) - ended, max(0.0, oldest), workers.running())
