"""Clocks that are wrong: what a beat leaves that was a day ahead, and a beat and workers that are a day off."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.drills.jobs import a_job, records_of
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import BEAT, Scene, until
from cli.drills.stand_ins import StandIns
from cli.drills.talk import Talk, a_talk
from shared.catalogue import SCHEDULE
from shared.domains.jobs.models import JobStatus
from shared.kernel.times import timestamp

SHIFTS = ("+1d", "-1d")
WRONG_SECONDS = 60.0
GOES_ON_SECONDS = 120.0
INSTALL_SECONDS = 300
WRONG = ("beat", "worker-persistence", "dead-letters")
"""Beat, and all workers of the queues that sweeps go to: nobody is left who knows the time."""


async def clock(scene: Scene, scale: Scale) -> Outcome:
    """Leave what a beat leaves whose clock is a day ahead, and begin another: every schedule goes on soon.

    In the long form beat and two workers then run a day ahead and a day behind, by libfaketime: what is said meanwhile
    is stored, what is young is not ended as old, and every schedule goes on once the clocks are right.
    """
    schedules = [one.job.name for one in SCHEDULE if one.every_seconds <= scale.of(10.0, 60.0)]
    library = await asyncio.to_thread(faketime) if scale.is_long else None
    async with a_talk(scene) as talk:
        await talk.said(20)
        seconds = [await _after_tomorrow(scene, schedules)]
        faults = []
        for shift in SHIFTS if library else ():
            waiting = a_job(**dict.fromkeys(("created_at", "updated_at"), _ago(hours=2)))
            await asyncio.to_thread(records_of(scene).add, waiting)
            seconds.append(await _wrong_for_a_while(talk, str(library), shift, schedules))
            found = await asyncio.to_thread(records_of(scene).get, waiting.job_id)
            faults += [] if found and found.status is JobStatus.PENDING else [f"a job of two hours was ended: {shift}"]
        outcome = await talk.judged(await talk.recovered())
    outcome.recovery = max(outcome.recovery, *seconds)
    outcome.faults += faults
    outcome.note = f"{len(schedules)} schedules believed that it was tomorrow; {_shifted(scale, library)}"
    return outcome


def faketime() -> Path | None:
    """Return libfaketime, which root installs by apt where it is missing; None where it cannot be had."""
    if _library() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": INSTALL_SECONDS, "check": False}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "faketime"]):
            subprocess.run(command, **quiet)  # type: ignore[call-overload]
    return _library()


def _library() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def _shifted(scale: Scale, library: Path | None) -> str:
    if not scale.is_long:
        return "clocks stayed right"
    return f"{', '.join(WRONG)} a day ahead, then behind" if library else "no libfaketime here: clocks stayed right"


async def _after_tomorrow(scene: Scene, schedules: list[str]) -> float:
    """Return the seconds until every schedule goes on that waits for tomorrow."""
    killed = scene.signal(BEAT, signal.SIGKILL)
    at = datetime.now(UTC) + timedelta(days=1)
    for name in schedules:
        await asyncio.to_thread(_put_ahead, scene, name, at)
    await scene.replaced(BEAT, killed)
    began = time.perf_counter()
    await until(lambda: _is_sent_again(scene, schedules), "every schedule goes on", GOES_ON_SECONDS)
    return time.perf_counter() - began


async def _wrong_for_a_while(talk: Talk, library: str, shift: str, schedules: list[str]) -> float:
    """Let the clocks be wrong, right them, and return the seconds until every schedule was done again."""
    scene = talk.scene
    changed = {"LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    stand_ins = StandIns(scene.directory, WRONG, **changed)
    try:
        await asyncio.to_thread(stand_ins.start)
        await talk.said(20)
        await asyncio.sleep(WRONG_SECONDS)
        await talk.said(20)
        await talk.recovered()
    finally:
        await asyncio.to_thread(stand_ins.end)
    began, size = time.perf_counter(), scene.directory.log.stat().st_size
    await until(lambda: set(schedules) <= _done_since(scene, size), "every schedule is done again", GOES_ON_SECONDS)
    return time.perf_counter() - began


def _done_since(scene: Scene, size: int) -> set[str]:
    """Return the tasks that ended well by what the log holds beyond so many bytes."""
    with scene.directory.log.open("rb") as log:
        log.seek(size)
        lines = [line for line in log.read().splitlines() if b"job.done" in line and line.endswith(b"}")]
    return {one["task"] for one in map(json.loads, lines) if one["event"] == "job.done"}


def _put_ahead(scene: Scene, name: str, at: datetime) -> None:
    key = f"redbeat:{name}"
    parts = {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second", "microsecond")}
    last = {"__type__": "datetime", **parts, "timezone": "UTC"}
    scene.redis.hset(key, "meta", json.dumps({"last_run_at": last, "total_run_count": 1}))
    scene.redis.zadd("redbeat::schedule", {key: at.timestamp()})


def _is_sent_again(scene: Scene, names: list[str]) -> bool:
    """Tell whether every schedule waits for a time that is near."""
    near = time.time() + 600
    scores = [scene.redis.zscore("redbeat::schedule", f"redbeat:{name}") for name in names]
    return all(isinstance(score, float) and score < near for score in scores)


def _ago(*, hours: float) -> str:
    return timestamp(datetime.now(UTC) - timedelta(hours=hours))
