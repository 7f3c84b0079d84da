"""Every drill by its name, and how one is carried out."""

import asyncio
from collections.abc import Awaitable, Callable

from cli.drills.broker_away import broker_away
from cli.drills.clock import clock
from cli.drills.controls import bad_letters, memory, retention, revoked
from cli.drills.deploys import rollback, rolling_restart
from cli.drills.duplicate_storm import duplicate_storm
from cli.drills.gateway_kill import gateway_kill
from cli.drills.graph_kill import graph_kill
from cli.drills.partner_kill import partner_kill
from cli.drills.poison import poison
from cli.drills.practice_kill import practice_kill
from cli.drills.record import Outcome
from cli.drills.redis_away import redis_away
from cli.drills.redis_flushed import redis_flushed
from cli.drills.redis_killed import redis_killed
from cli.drills.scale import Scale
from cli.drills.scene import Failed, Scene, until
from cli.drills.sinks import disk_full, sink_slow
from cli.drills.stillness import frozen_processes, power_cut
from cli.drills.throttled import throttled
from cli.drills.two_beats import two_beats
from cli.drills.worker_kill import worker_kill
from cli.drills.worker_term import worker_term
from speaktracker_client.errors import SpeakTrackerError

Drill = Callable[[Scene, Scale], Awaitable[Outcome]]
LONGEST_SECONDS = 1800.0
READY_SECONDS = 120.0
"""Within this, what a drill before has harmed is well again."""

DRILLS: dict[str, Drill] = {
    "worker-kill": worker_kill,
    "worker-term": worker_term,
    "duplicate-storm": duplicate_storm,
    "partner-kill": partner_kill,
    "graph-kill": graph_kill,
    "practice-kill": practice_kill,
    "poison": poison,
    "broker-away": broker_away,
    "redis-away": redis_away,
    "redis-flushed": redis_flushed,
    "redis-killed": redis_killed,
    "throttled": throttled,
    "gateway-kill": gateway_kill,
    "two-beats": two_beats,
    "disk-full": disk_full,
    "sink-slow": sink_slow,
    "frozen": frozen_processes,
    "power-cut": power_cut,
    "clock": clock,
    "retention": retention,
    "bad-letters": bad_letters,
    "revoked": revoked,
    "memory": memory,
}
DEPLOYS: dict[str, Drill] = {"rolling-restart": rolling_restart, "rollback": rollback}
"""Drills that start gateways of their own beside the platform's, and that the tests leave to `make drills`."""
ALL_DRILLS = DRILLS | DEPLOYS


async def carry_out(name: str, scene: Scene, scale: Scale) -> Outcome:
    """Return how a drill ended; what broke off is a fault of its outcome."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await until(scene.is_ready, "the platform is ready", READY_SECONDS)
            return await ALL_DRILLS[name](scene, scale)
    except (Failed, SpeakTrackerError, TimeoutError) as problem:
        return Outcome(faults=[f"{type(problem).__name__}: {problem}"])
