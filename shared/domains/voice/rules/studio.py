"""What making voices rests on."""

from dataclasses import dataclass

from shared.domains.voice.ports import Speaker
from shared.domains.voice.rules.shelf import Shelf
from shared.kernel.ports import EventBus, JobQueue, JobTracker, Metrics


@dataclass(frozen=True, slots=True)
class Studio:
    """What making voices rests on."""

    shelf: Shelf
    speaker: Speaker
    tracker: JobTracker
    jobs: JobQueue
    metrics: Metrics
    events: EventBus
