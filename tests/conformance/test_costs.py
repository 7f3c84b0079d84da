"""A budget of API calls that no change can raise unnoticed, and chaos with a fixed seed."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from bench.queue_rig import Rig, Worker, until

SINGLE_BUDGET = 1.3


def _drain(rig: Rig, jobs: int) -> float:
    """Run what is queued and return the calls a job, those of the sends included."""
    rig.start(concurrency=4, level="WARNING")
    until(lambda: rig.is_empty(), 60, "all is done")
    return rig.emulator.calls() / jobs


def test_call_budget(make_rig: Callable[..., Rig], transport: str) -> None:
    """Four processes, prefetch 4, 5 ms away; single sends."""
    rig = make_rig(transport=transport, latency_ms=5)
    for number in range(300):
        rig.send("noop", number)
    assert _drain(rig, 300) <= SINGLE_BUDGET


@dataclass
class Storm:
    """Blows at random, by a seed: kills, stops, and faults; workers that end are replaced."""

    rig: Rig
    random: random.Random
    workers: list[Worker] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def begin(self, count: int) -> None:
        self.workers = [self.rig.start(concurrency=4, level="WARNING") for _ in range(count)]

    def replace_ended(self) -> None:
        for position, worker in enumerate(self.workers):
            if not worker.is_alive():
                self.told["ended"] += 1
                self.workers[position] = self.rig.start(concurrency=4, level="WARNING", ready=False)

    def blow(self) -> None:
        victim = self.random.choice(self.workers)
        blow = self.random.choice(["kill", "stop", "receive", "delete", "hang"])
        self.told[blow] += 1
        if blow == "kill":
            victim.kill()
        elif blow == "stop":
            victim.terminate()
        elif blow == "receive":
            self._fault("ReceiveMessage", "503", 2)
        elif blow == "delete":
            self._fault("DeleteMessageBatch", "503", 3)
            self._fault("DeleteMessage", "503", 3)
        else:
            self._fault("ReceiveMessage", "hang", 1)

    def is_over(self) -> bool:
        self.replace_ended()
        return self.rig.is_empty()

    def _fault(self, action: str, kind: str, times: int) -> None:
        self.rig.emulator.control("fault", action=action, kind=kind, times=times)

    def unexplained_ends(self) -> int:
        return self.told["ended"] - self.told["kill"] - self.told["stop"]


def _seconds(rig: Rig, limit: int) -> Iterator[int]:
    """Count whole seconds from the first mark on, until all is done."""
    began = float(rig.wait_mark("begin", seconds=30)[0][0])
    for second in range(1, limit + 1):
        until(partial(_is_later, rig, began + second), second + 30, "a second is over")
        if rig.is_empty():
            return
        yield second


def _is_later(rig: Rig, moment: float) -> bool:
    return time.time() >= moment or rig.is_empty()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("jobs", [120, pytest.param(2000, marks=pytest.mark.long)])
def test_chaos(make_rig: Callable[..., Rig], transport: str, jobs: int) -> None:
    """Nothing lost, next to nothing twice, and no worker ends that was not told to."""
    seed = int(os.environ.get("CONFORMANCE_SEED", "7"))
    rig = make_rig(transport=transport, latency_ms=5, lease_seconds=5, wait_seconds=1)
    for number in range(jobs):
        rig.send("slow", str(number), 0.1)
    storm = Storm(rig, random.Random(seed))
    storm.begin(2)
    for second in _seconds(rig, 60):
        if second % 2 == 0:
            storm.blow()
        storm.replace_ended()
    until(lambda: storm.is_over(), 90, "all is done")

    ends = Counter(mark[3] for mark in rig.marks("end"))
    assert set(ends) == {str(number) for number in range(jobs)}
    assert sum(ends.values()) - jobs <= max(2, storm.told["kill"])
    assert storm.unexplained_ends() <= 0
