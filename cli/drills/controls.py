"""What ends a job otherwise than by running it, and whether its end is told and written down."""

import asyncio
import signal
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.drills.jobs import a_job, records_of, send, table_of
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene
from cli.drills.talk import a_talk
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.monitoring.policy import ClusterPolicy
from shared.domains.dead_letters.contract import SweepRedriveQueues, SweepVanishedJobs
from shared.domains.dead_letters.models import Wanted
from shared.domains.jobs.models import JobStatus
from shared.kernel.times import timestamp

TTS = "-Q tts"
WITHIN_SECONDS = 300.0
HASTEN_SECONDS = 10.0
"""A sweep takes a worker of the queue that letters wait in: one a second would hold up what it has found."""
FOREIGN: dict[str, dict[str, Any]] = {
    "half a character in its id": {"id": "sur-\ud800"},
    "an id of 3,000 characters": {"id": "long-" + "x" * 3_000},
    "replays of 40 digits": {"x_replays": 10**40},
    "half a character in its correlation": {"x_request_id": "\udc00"},
    "compressed, by an unknown name": {"compression": "nozip"},
}


async def bad_letters(scene: Scene, scale: Scale) -> Outcome:
    """Send jobs that die in ways which are hard to record: every one becomes a letter."""
    tag = uuid.uuid4().hex[:8]
    wanted = []
    for number, headers in enumerate(list(FOREIGN.values()) * scale.of(1, 20)):
        begin = f"{number}-{tag}"
        given = {"compression": "nozip", **headers, "id": f"{begin}-{headers.get('id', '')}"}
        wanted.append(begin)
        await asyncio.to_thread(send, scene, given)
    return await _told(scene, wanted, lambda: scene.hasten(SweepRedriveQueues.name), f"{len(wanted)} hard deaths")


async def revoked(scene: Scene, scale: Scale) -> Outcome:
    """Revoke jobs that wait, and send some that are past their time: each ends, is told, and is a letter."""
    count = scale.of(2, 50)
    jobs = [a_job() for _ in range(count)]
    for job in jobs:
        await asyncio.to_thread(records_of(scene).add, job)
    late = {"expires": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
    policy = ClusterPolicy(_monitoring(scene))
    await asyncio.to_thread(policy.revoke, [job.job_id for job in jobs[::2]])
    killed = scene.signal(TTS, signal.SIGKILL)  # it learns of them at its next start, as after a night
    await scene.replaced(TTS, killed)
    for number, job in enumerate(jobs):
        await asyncio.to_thread(send, scene, {"id": job.job_id, **(late if number % 2 else {})})
    ids = [job.job_id for job in jobs]
    outcome = await _told(
        scene, ids, lambda: scene.hasten(SweepRedriveQueues.name), f"{count} revoked or past their time"
    )
    return await asyncio.to_thread(_with_open_jobs, scene, ids, outcome)


async def retention(scene: Scene, scale: Scale) -> Outcome:
    """Let the queue lose jobs long ago: each is found by its record, ended, told, and is a letter."""
    ago = timestamp(datetime.now(UTC) - timedelta(days=2))
    jobs = [a_job(created_at=ago, updated_at=ago) for _ in range(scale.of(3, 150))]
    for job in jobs:
        await asyncio.to_thread(records_of(scene).add, job)
    ids = [job.job_id for job in jobs]
    outcome = await _told(
        scene, ids, lambda: scene.hasten(SweepVanishedJobs.name), f"{len(ids)} jobs without a message"
    )
    return await asyncio.to_thread(_with_open_jobs, scene, ids, outcome)


async def memory(scene: Scene, scale: Scale) -> Outcome:
    """Let Redis be at its limit for a while: posts are refused and tried again, none is lost."""
    seconds = scale.of(5.0, 60.0)
    async with a_talk(scene) as talk:
        await talk.said(20)
        scene.redis.config_set("maxmemory-policy", "noeviction")
        scene.redis.config_set("maxmemory", "1")
        try:
            await asyncio.sleep(seconds)
        finally:
            scene.redis.config_set("maxmemory", "0")
        outcome = await talk.judged(await talk.recovered())
    outcome.note = f"full for {seconds:.0f} s"
    return outcome


async def _told(scene: Scene, wanted: list[str], hasten: Callable[[], None], note: str) -> Outcome:
    """Return when every one of them is a letter, or say which are hidden."""
    began = time.perf_counter()
    missing = await _await_letters(scene, wanted, lambda: asyncio.to_thread(hasten))
    outcome = Outcome(sent=len(wanted), acknowledged=len(wanted), found=len(wanted) - len(missing), lost=len(missing))
    outcome.hidden = len(missing)
    outcome.recovery, outcome.note = time.perf_counter() - began, note
    return outcome


async def _await_letters(scene: Scene, wanted: list[str], hasten: Callable[[], Awaitable[None]]) -> list[str]:
    """Return the jobs that got no letter; a letter's id begins as its job's."""
    letters = DynamoLetters(table_of(scene))
    next_at, deadline = 0.0, time.monotonic() + WITHIN_SECONDS
    while True:
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + HASTEN_SECONDS
            await hasten()
        await asyncio.sleep(1)
        page = await asyncio.to_thread(letters.find, Wanted(), limit=1_000, position=None)
        missing = [begin for begin in wanted if not any(letter.id.startswith(begin) for letter in page.items)]
        if not missing or time.monotonic() > deadline:
            return missing


def _with_open_jobs(scene: Scene, ids: list[str], outcome: Outcome) -> Outcome:
    """Return the outcome with what is still open; called in a thread, because the relay answers on the drill's loop."""
    records = records_of(scene)
    left = [one for one in ids if (job := records.get(one)) is None or job.status is not JobStatus.FAILED]
    outcome.faults += [f"{len(left)} jobs never ended"] if left else []
    return outcome


def _monitoring(scene: Scene) -> MonitoringOptions:
    """Return where the workers' policy lies: the prefix is that of a platform without an environment's name."""
    return MonitoringOptions(redis_url=scene.state["addresses"]["redis"], key_prefix="monitoring:")
