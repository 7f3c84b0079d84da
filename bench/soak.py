"""A long life: ``python -m bench.soak [minutes] [learners]``, two hours and 30 learners unless said otherwise.

A platform of its own is used at a tenth of what it can do, by learners who do everything that learners do. What its
programs hold, and how long people wait, is compared between the first tenth of the time and the last, after a warm-up
of as long. Memory should be the same within 5 %. The short form, `python -m bench.soak 0.5 10`, takes a minute with
the start and says that everything is counted; its caches still fill, and its change of memory means nothing.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, quantiles

from bench.soak_samples import Program, Sample, look
from cli.loading.crowd import Crowd
from cli.loading.people import make_logins
from cli.loading.record import DELIVERED, MESSAGE, SCORED, TURN
from cli.own_platform import own_platform

MINUTES, LEARNERS = 120.0, 30
PARTS = 10
LOOKS = 60
GOAL = 0.05


def main(arguments: list[str]) -> None:
    """Run, look, compare; exits with 1 where a program's memory grew by more than 5 %."""
    minutes = float(arguments[0]) if arguments else MINUTES
    learners = int(arguments[1]) if len(arguments) > 1 else LEARNERS
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        directory = Path(folder) / "run"
        with own_platform(directory) as own:
            crowd = Crowd(own.platform.base, make_logins(directory, learners))
            samples = asyncio.run(lived(crowd, own.pid, directory, minutes * 60))
    is_well = show(samples, crowd)
    raise SystemExit(0 if is_well else 1)


async def lived(crowd: Crowd, pid: int, directory: Path, seconds: float) -> list[Sample]:
    """Return the looks of a life of so long."""
    samples: list[Sample] = []
    began = time.monotonic()

    async def watch() -> None:
        while True:
            await asyncio.sleep(seconds / LOOKS)
            samples.append(await asyncio.to_thread(look, pid, directory, crowd.record, time.monotonic() - began))

    watching = asyncio.create_task(watch())
    try:
        await crowd.stay(seconds, lambda: None, lambda: None)
    finally:
        watching.cancel()
    return samples


def ends(samples: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Return the part after the warm-up and the last one: a tenth each, or a third where the looks were few."""
    part = max(1, len(samples) // (PARTS if len(samples) >= LOOKS // 2 else 3))
    return samples[part : 2 * part], samples[-part:]


def show(samples: list[Sample], crowd: Crowd) -> bool:
    """Print the first part after the warm-up beside the last, and tell whether no program's memory grew too much."""
    first, last = ends(samples)
    print(
        f"{len(samples)} looks; of calls and times the first {len(first)} after the warm-up, and the last {len(last)}"
    )
    print(f"{'':28}{'first':>10}{'last':>10}{'change':>9}")
    grown = []
    for name in sorted(last[-1].programs):
        for what, value in _VALUES.items():
            change = _row(f"{name}, {what}", _of(first, name, value), _of(last, name, value))
            if what == "MiB" and change > GOAL:
                grown.append(name)
    _row("Redis keys", mean(one.redis_keys for one in first), mean(one.redis_keys for one in last))
    _row("files", mean(one.files for one in first), mean(one.files for one in last))
    for name in sorted(last[-1].sqs_calls):
        _row(f"{name}, SQS calls/s", _rate(first, name), _rate(last, name))
    for name in (MESSAGE, DELIVERED, TURN, SCORED):
        _row(f"{name}, p99 ms", _p99(crowd, name, first), _p99(crowd, name, last))
    for what, count in crowd.record.failures.items():
        print(f"{count} times failed: {what}")
    print(f"memory grew by more than {GOAL:.0%}: {', '.join(grown) or 'nowhere'}")
    return not grown


_VALUES: dict[str, Callable[[Program], float]] = {
    "MiB": lambda one: one.memory,
    "descriptors": lambda one: one.descriptors,
    "threads": lambda one: one.threads,
}


def _of(samples: list[Sample], name: str, value: Callable[[Program], float]) -> float:
    return mean(value(one.programs.get(name, Program())) for one in samples)


def _row(name: str, first: float, last: float) -> float:
    change = last / first - 1 if first else 0.0
    print(f"{name:28}{first:10.1f}{last:10.1f}{change:+9.1%}")
    return change


def _rate(samples: list[Sample], name: str) -> float:
    seconds = samples[-1].at - samples[0].at
    return (samples[-1].sqs_calls[name] - samples[0].sqs_calls[name]) / seconds if seconds else 0.0


def _p99(crowd: Crowd, name: str, samples: list[Sample]) -> float:
    times = crowd.record.seconds[name][samples[0].offsets.get(name, 0) : samples[-1].offsets.get(name, 0)]
    return quantiles(times, n=100, method="inclusive")[98] * 1000 if len(times) > 1 else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
