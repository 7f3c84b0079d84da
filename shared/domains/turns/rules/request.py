"""What a student's request rests on, at the gateway."""

from dataclasses import dataclass

from shared.domains.turns.ports import Pace, Recordings, Students, Takes, TurnJobs, TurnLog, TurnRate, TurnStore
from shared.kernel.ports import Clock, EventBus, JobQueue


@dataclass(frozen=True, slots=True)
class Asking:
    """The ports that asking rests on."""

    log: TurnLog
    conversations: TurnStore
    records: TurnJobs
    students: Students
    recordings: Recordings
    takes: Takes
    rate: TurnRate
    pace: Pace
    jobs: JobQueue
    events: EventBus
    clock: Clock
