"""A second beat runs beside the first, then the first dies: each slot's jobs are still sent once."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise

from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import BEAT, Scene
from cli.drills.stand_ins import environment_of, read_configuration
from cli.own_platform import ROOT
from cli.run_directory import RunDirectory
from shared.catalogue import SCHEDULE
from shared.domains.messages.contract import SweepUnqueued

STOP_SECONDS = 20.0
_ARGUMENTS = (
    "-m",
    "celery",
    "-A",
    "workers.app",
    "beat",
    "-S",
    "shared.adapters.beat_scheduler.ClampedScheduler",
    "--pidfile=",
)


async def two_beats(scene: Scene, scale: Scale) -> Outcome:
    """Count the runs of the job that beat asks for most often: with two beats, and with the one that is left."""
    every = next(one.every_seconds for one in SCHEDULE if isinstance(one.job, SweepUnqueued))
    slots = scale.of(1, 12)
    with _second_beat(scene.directory) as second:
        before = len(_runs(scene.directory))
        await asyncio.sleep(slots * every + every / 2)
        if scale.is_long:
            scene.signal(BEAT, signal.SIGKILL)
            await asyncio.sleep(slots * every)
        has_died = second.poll() is not None
    times = _runs(scene.directory)[before:]
    early = sum((after - begun).total_seconds() < every / 2 for begun, after in pairwise(times))
    expected = slots * (2 if scale.is_long else 1)
    outcome = Outcome(expected, expected, min(len(times), expected), 0 if times else expected, early)
    outcome.recovery = max(((after - begun).total_seconds() for begun, after in pairwise(times)), default=0.0)
    outcome.faults += ["the second beat died"] if has_died else []
    outcome.note = f"{len(times)} runs in {expected} slots"
    return outcome


@contextmanager
def _second_beat(directory: RunDirectory) -> Iterator["subprocess.Popen[bytes]"]:
    with open(directory.program_log("second-beat"), "wb") as output:
        beat = subprocess.Popen(
            [sys.executable, *_ARGUMENTS],
            cwd=ROOT,
            env=os.environ | environment_of(read_configuration(directory), "beat") | {"METRICS_PORT": "0"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield beat
    finally:
        beat.terminate()
        beat.wait(STOP_SECONDS)


def _runs(directory: RunDirectory) -> list[datetime]:
    """Return when the job began, by the platform's log."""
    lines = directory.log.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines if SweepUnqueued.name in line and line.endswith("}")]
    return [datetime.fromisoformat(one["timestamp"]) for one in events if one["event"] == "job.began"]
