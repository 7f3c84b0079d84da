"""Both SQS transports side by side: ``python -m bench.queue [jobs] [latencies in ms]``, for example ``500 0,5,15``.

For each latency it fills a queue with tasks that do nothing, has one worker drain it, and counts. Calls a job include
the send; the processor time is that of the worker and its pool, not of SQS. Absolute
rates depend on the machine and its load; the ratios and the calls do not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.queue_rig import Rig, until

POOL = "shared.adapters.sqs_transport.pool:TaskPool"
#: Name, transport, pool, concurrency, and how many times the given jobs it runs, so that each takes some seconds.
CONTENDERS: tuple[tuple[str, str, str, int, int], ...] = (
    ("stock, 4 processes", "stock", "", 4, 1),
    ("ours, 4 processes", "ours", "", 4, 3),
    ("ours, 16 threads", "ours", POOL, 16, 3),
)
HEAD = ("latency", "transport", "jobs/s", "x stock", "calls/job", "CPU ms/job", "MiB", "sends/s")


@dataclass(frozen=True)
class Result:
    """What one worker did: rates a second, calls and milliseconds a job, mebibytes of the main process."""

    jobs: float
    calls: float
    processor: float
    memory: float
    sends: float


def measure(transport: str, pool: str, concurrency: int, jobs: int, latency_ms: float) -> Result:
    """Fill a queue and let one worker drain it. Raises Late when that takes over two minutes."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(
            Path(folder), transport=transport, pool=pool, prefetch=4, settings={"worker_hijack_root_logger": True}
        )
        with rig:
            sends = _fill(rig, jobs, latency_ms)
            rig.emulator.control("reset")
            worker = rig.start(concurrency, level="WARNING", ready=False)
            worker.wait_ready()
            began, used = time.monotonic(), worker.processor_seconds()
            until(rig.is_empty, 120, "the queue is drained")
            seconds, used = time.monotonic() - began, worker.processor_seconds() - used
            calls = rig.emulator.calls() / jobs
            return Result(jobs / seconds, calls, used / jobs * 1000, worker.memory_mib(), sends)


def _fill(rig: Rig, jobs: int, latency_ms: float) -> float:
    """Send the jobs, the first hundred at the latency, whose rate is returned, the rest without it."""
    rig.emulator.control("latency", seconds=latency_ms / 1000)
    rig.send("noop")
    began = time.monotonic()
    for _ in range(99):
        rig.send("noop")
    rate = 99 / (time.monotonic() - began)
    rig.emulator.control("latency", seconds=0)
    for _ in range(jobs - 100):
        rig.send("noop")
    rig.emulator.control("latency", seconds=latency_ms / 1000)
    return rate


def row(latency_ms: float, name: str, result: Result, stock: Result) -> tuple[str, ...]:
    """One line of the table."""
    return (
        f"{latency_ms:g} ms",
        name,
        f"{result.jobs:.0f}",
        f"{result.jobs / stock.jobs:.1f}",
        f"{result.calls + 1:.2f}",
        f"{result.processor:.2f}",
        f"{result.memory:.0f}",
        f"{result.sends:.0f}",
    )


def show(cells: tuple[str, ...]) -> None:
    """Print one line."""
    widths = [8, 19, 7, 8, 10, 11, 5, 8]
    print(" ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), flush=True)


def main(arguments: list[str]) -> None:
    """Run all contenders at all latencies, stock first."""
    os.environ.update({"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})  # the emulator takes any
    jobs = int(arguments[0]) if arguments else 500
    latencies: list[Any] = arguments[1].split(",") if len(arguments) > 1 else [0, 5, 15]
    show(HEAD)
    for latency in map(float, latencies):
        results: list[Result] = []
        for name, transport, pool, concurrency, times in CONTENDERS:
            results.append(measure(transport, pool, concurrency, jobs * times, latency))
            show(row(latency, name, results[-1], results[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
