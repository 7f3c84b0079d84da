"""What leases cost: the calls of a worker that does nothing but run jobs of a certain length."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.queue_rig import Rig, until

POOL = "shared.adapters.sqs_transport.pool:TaskPool"
LEASES = (60, 12)
WORK_SECONDS = 8.0


def extra_calls(seconds: float, at_once: int) -> tuple[float, float]:
    """Return the calls a job beside sending, with leases of a minute and of twelve seconds; both run side by side."""
    jobs = max(at_once, min(400, int(WORK_SECONDS / seconds) * at_once))
    with ThreadPoolExecutor(len(LEASES)) as pool:
        with_minute, with_twelve = pool.map(lambda lease: _calls(lease, seconds, at_once, jobs), LEASES)
    return with_minute, with_twelve


def _calls(lease_seconds: int, seconds: float, at_once: int, jobs: int) -> float:
    """Let one worker drain a queue, and count the calls from its start on."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Rig(Path(folder), pool=POOL, prefetch=1, lease_seconds=lease_seconds, wait_seconds=10) as rig,
    ):
        for number in range(jobs):
            rig.send("slow", str(number), seconds)
        rig.emulator.control("reset")
        rig.start(at_once, level="WARNING")
        until(rig.is_empty, 120, "the queue is drained")
        return rig.emulator.calls() / jobs
