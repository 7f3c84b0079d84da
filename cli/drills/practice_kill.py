"""Whoever scores, or takes the upload, dies by kill -9 at each stage of a recording: one result, and counted once."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from cli.demo_people import Person, sign_up
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Failed, Scene
from shared.adapters.dynamodb.results import DynamoResults
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.dynamodb.table import Table

SPEECH = "-n speech@"
SENTENCE = "Good morning, it is nice to meet you."
STAGES = ("stored", "heard", "aligned", "scored")
RESULT_SECONDS = 180.0
COUNTED_SECONDS = 60.0
CUT_SECONDS = 0.02
"""After so long an upload is on its way, and not yet answered."""
_POLL_SECONDS = 0.02
_ENDED = ("COMPLETED", "FAILED")


@dataclass
class _Lesson:
    """Somebody who says a sentence again and again, and what became of each recording."""

    scene: Scene
    person: Person
    http: httpx.AsyncClient
    recording: bytes
    asked: list[str] = field(default_factory=list)

    async def say(self, key: str) -> str:
        """Send a recording until a gateway has taken it, each time under the same key; return its job."""
        headers = {"Authorization": f"Bearer {await self.person.client.access_token()}", "Idempotency-Key": key}
        form: dict[str, Any] = {
            "files": {"audioFile": ("said.mp3", self.recording)},
            "data": {"originalText": SENTENCE},
        }
        deadline = time.monotonic() + RESULT_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                answer = await self.http.post("/api/stt/evaluate?wait=0", headers=headers, **form)
                if answer.status_code == httpx.codes.ACCEPTED:
                    self.asked.append(str(answer.json()["jobId"]))
                    return self.asked[-1]
            await asyncio.sleep(0.2)
        raise Failed("no gateway takes a recording")

    async def job(self, job_id: str) -> dict[str, Any]:
        """Return how far a recording is; nothing where no gateway says so now."""
        headers = {"Authorization": f"Bearer {await self.person.client.access_token()}"}
        with suppress(httpx.TransportError):
            answer = await self.http.get(f"/api/jobs/{job_id}", headers=headers)
            if answer.is_success:
                fields: dict[str, Any] = answer.json()
                return fields
        return {}

    async def reaches(self, job_id: str, stage: str) -> None:
        """Return when a recording is at a stage, or past it."""
        passed = STAGES[STAGES.index(stage) :]
        await self._until(job_id, lambda job: job.get("stage") in passed or job.get("status") in _ENDED)

    async def ends(self, job_id: str) -> str:
        """Return the status with which a recording's job ended."""
        return str((await self._until(job_id, lambda job: job.get("status") in _ENDED))["status"])

    async def _until(self, job_id: str, holds: Any) -> dict[str, Any]:
        deadline = time.monotonic() + RESULT_SECONDS
        while not holds(job := await self.job(job_id)):
            if time.monotonic() > deadline:
                raise Failed(f"a recording stands still at {job.get('stage')}")
            await asyncio.sleep(_POLL_SECONDS)
        return job


async def practice_kill(scene: Scene, scale: Scale) -> Outcome:
    """Kill the worker at each stage, then the gateways, and count results, statistics and the notebook's happenings."""
    person = await sign_up(scene.platform, "Speaker")
    try:
        async with httpx.AsyncClient(base_url=scene.platform.base, timeout=30, trust_env=False) as http:
            lesson = _Lesson(scene, person, http, await asyncio.to_thread(_recording, scene))
            return await _taught(lesson, STAGES if scale.is_long else STAGES[1:2], cuts_uploads=scale.is_long)
    finally:
        await person.go()


async def _taught(lesson: _Lesson, stages: tuple[str, ...], *, cuts_uploads: bool) -> Outcome:
    """Kill at every stage; `cuts_uploads` kills the gateways while they take a recording too.

    Then the same key is taken again once the lease of the dead gateway's request has ended, a minute later.
    """
    scene, statuses, slowest = lesson.scene, [], 0.0
    for stage in stages:
        job_id = await lesson.say(f"worker-{stage}")
        await lesson.reaches(job_id, stage)
        killed, began = scene.signal(SPEECH, signal.SIGKILL), time.perf_counter()
        statuses.append(await lesson.ends(job_id))
        slowest = max(slowest, time.perf_counter() - began)
        await scene.replaced(SPEECH, killed)
        saying = asyncio.create_task(lesson.say(f"gateways-{stage}"))
        if cuts_uploads:
            await asyncio.sleep(CUT_SECONDS)
            _kill_gateways(scene)
        job_id = await saying
        await lesson.reaches(job_id, stage)
        _kill_gateways(scene)
        statuses.append(await lesson.ends(job_id))
    outcome = await asyncio.to_thread(_judged, lesson, statuses)
    outcome.recovery = slowest
    outcome.note = f"worker and gateways killed at {', '.join(stages)}"
    return outcome


def _kill_gateways(scene: Scene) -> None:
    for gateway in scene.gateways():
        with suppress(ProcessLookupError):
            os.kill(gateway, signal.SIGKILL)


def _judged(lesson: _Lesson, statuses: list[str]) -> Outcome:
    """Count what the table has; called in a thread, because the relay answers on the drill's loop."""
    table = Table(lesson.scene.clients.dynamodb, lesson.scene.platform.table)
    results, user_id, wanted = DynamoResults(table), lesson.person.user_id, len(set(lesson.asked))
    count = _counted(DynamoStatistics(table), user_id, wanted)
    found = len(results.list_of(user_id, position=None, limit=100).items)
    outcome = Outcome(sent=len(statuses), acknowledged=wanted, found=found)
    outcome.lost, outcome.doubled = max(0, wanted - found), max(0, found - wanted)
    if count != wanted:
        outcome.faults.append(f"{wanted} recordings are counted as {count}")
    outcome.faults += [f"a recording ended as {status}" for status in statuses if status != "COMPLETED"]
    return outcome


def _counted(statistics: DynamoStatistics, user_id: str, wanted: int) -> int:
    """Return how many results the student's days have, once they are as many as wanted, or time is up."""
    deadline = time.monotonic() + COUNTED_SECONDS
    while True:
        count = sum(day.practice_count for day in statistics.days(user_id, "2000-01-01", "2100-01-01"))
        if count >= wanted or time.monotonic() > deadline:
            return count
        time.sleep(0.2)


def _recording(scene: Scene) -> bytes:
    spoken = scene.clients.client("polly").synthesize_speech(Text=SENTENCE, VoiceId="Joanna", OutputFormat="mp3")
    content: bytes = spoken["AudioStream"].read()
    return content
