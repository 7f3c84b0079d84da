"""Graph workers die by kill -9 at each stage of a map, and the results' consumer when it has been drawn."""

import asyncio
import json
import signal
import time
from contextlib import suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cli.demo_graph import export_of
from cli.demo_people import sign_up
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Failed, Scene

_WORKER, _RESULTS = "-Q graph-requests", "-Q graph-results"
_STAGES = ("read", "understood", "connected", "named", "drawn")
_CASES = (*((stage, _WORKER) for stage in _STAGES), ("drawn", _RESULTS))
"""What is waited for, and which process dies then."""
_QUICK_CASES = (("understood", _WORKER), ("drawn", _RESULTS))
_POLL_SECONDS = 0.05
_DRAWN_SECONDS = 240.0
_LAST_PUSHES_SECONDS = 3.0


async def graph_kill(scene: Scene, scale: Scale) -> Outcome:
    """Have a map drawn for each stage, kill at that stage, and count the maps and what was told of them."""
    cases, outcome = (_CASES if scale.is_long else _QUICK_CASES), Outcome()
    person = await sign_up(scene.platform, "Mapper")
    token = await person.client.access_token()
    headers = {"Authorization": f"Bearer {token}"}
    ready: list[str] = []
    async with (
        httpx.AsyncClient(base_url=scene.platform.base, timeout=60.0, headers=headers) as http,
        connect(f"{scene.platform.base.replace('http', 'ws', 1)}/ws?token={token}") as socket,
    ):
        listening = asyncio.create_task(_listen(socket, ready))
        asked = [await _one(scene, http, case, scale, outcome) for case in cases]
        await asyncio.sleep(_LAST_PUSHES_SECONDS)
        listening.cancel()
        await _judge(http, asked, ready, outcome)
    await person.go()
    outcome.note = f"killed at {', '.join(stage for stage, _ in cases)}"
    return outcome


async def _listen(socket: ClientConnection, ready: list[str]) -> None:
    with suppress(ConnectionClosed):
        async for text in socket:
            push = json.loads(text)
            if push.get("type") == "graph_ready":
                ready.append(push["graphId"])


async def _one(scene: Scene, http: httpx.AsyncClient, case: tuple[str, str], scale: Scale, outcome: Outcome) -> str:
    """Have a map drawn, kill a process at a stage, and return the map's id when its job has ended."""
    stage, words = case
    export = export_of(each=scale.of(20, 120))
    asked = (await http.post("/api/graphs", files={"file": ("export.json", export)})).json()
    await _until(http, asked["jobId"], stage)
    killed, began = scene.signal(words, signal.SIGKILL), time.perf_counter()
    await scene.replaced(words, killed)
    job = await _until(http, asked["jobId"], None)
    outcome.recovery = max(outcome.recovery, time.perf_counter() - began)
    if job["status"] != "COMPLETED":
        outcome.faults.append(f"killed at {stage}: {job['status']} {job.get('error')}")
    return str(asked["graphId"])


async def _until(http: httpx.AsyncClient, job_id: str, stage: str | None) -> dict[str, Any]:
    """Return the job when it has reached a stage, or has ended.

    Raises:
        Failed: neither in time.
    """
    deadline = time.monotonic() + _DRAWN_SECONDS
    reached = _STAGES[_STAGES.index(stage) :] if stage else ()
    while time.monotonic() < deadline:
        job: dict[str, Any] = (await http.get(f"/api/jobs/{job_id}")).json()
        if job["status"] not in ("PENDING", "PROCESSING") or job.get("stage") in reached:
            return job
        await asyncio.sleep(_POLL_SECONDS)
    raise Failed(f"the map was not drawn within {_DRAWN_SECONDS:.0f} s")


async def _judge(http: httpx.AsyncClient, asked: list[str], ready: list[str], outcome: Outcome) -> None:
    """Count: one map for each that was asked for, and one push for each."""
    stored = [one["graphId"] for one in (await http.get("/api/graphs")).json()["graphs"] if one["status"] == "READY"]
    outcome.sent = outcome.acknowledged = len(asked)
    outcome.found = len(set(stored))
    outcome.lost = sum(graph not in stored or graph not in ready for graph in asked)
    outcome.doubled = len(stored) - len(set(stored)) + len(ready) - len(set(ready))
    outcome.faults += (
        [f"{len(set(stored) - set(asked))} maps that nobody asked for"] if set(stored) - set(asked) else []
    )
