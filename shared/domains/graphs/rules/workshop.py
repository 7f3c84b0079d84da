"""What drawing maps rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.domains.graphs.ports import (
    GraphObjects,
    GraphStore,
    Learner,
    MapMaker,
    MeaningSearch,
    OwnTalk,
    PhraseSource,
)
from shared.kernel.partner import ConversationPartner
from shared.kernel.ports import Clock, EventBus, JobQueue, JobTracker


@dataclass(frozen=True, slots=True)
class Workshop:
    """What drawing maps rests on; `namer` is None where clusters keep the names that the engine found."""

    store: GraphStore
    objects: GraphObjects
    maker: MapMaker
    search: MeaningSearch
    talk: OwnTalk
    phrases: Sequence[PhraseSource]
    learner: Learner
    namer: ConversationPartner | None
    tracker: JobTracker
    jobs: JobQueue
    events: EventBus
    clock: Clock
    directory: Path | None = None
    """Where the files of a map lie while it is drawn; None for the system's place."""
