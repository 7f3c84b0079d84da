"""The ports of graphs, and the platform's part around them, for one person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.adapters.memory.graphs import (
    MemoryGraphObjects,
    MemoryGraphs,
    MemoryMapMaker,
    MemoryMeaningSearch,
    MemoryTalk,
)
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.domains.graphs.contract import BuildGraph, GraphReady, StoreGraph
from shared.domains.graphs.models import Graph
from shared.domains.graphs.rules import asking, drawing, storing
from shared.domains.graphs.rules.workshop import Workshop
from shared.domains.jobs.models import JobRecord
from shared.domains.jobs.service import RecordTracker
from shared.kernel.partner import ConversationPartner

USER = "u1"
EXPORT = b'[{"messages": []},\n{"messages": []},\n{"messages": []}]'


@dataclass
class World:
    """Everything that graphs rest on."""

    directory: Path
    store: MemoryGraphs = field(default_factory=MemoryGraphs)
    objects: MemoryGraphObjects = field(default_factory=MemoryGraphObjects)
    maker: MemoryMapMaker = field(default_factory=MemoryMapMaker)
    talk: MemoryTalk = field(default_factory=MemoryTalk)
    records: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    clock: SetClock = field(default_factory=SetClock)
    namer: ConversationPartner | None = None

    @property
    def tracker(self) -> RecordTracker:
        return RecordTracker(self.records, self.events, self.clock)

    @property
    def desk(self) -> asking.Desk:
        return asking.Desk(self.store, self.objects, self.jobs, self.tracker, self.records, self.clock)

    @property
    def workshop(self) -> Workshop:
        return Workshop(
            store=self.store,
            objects=self.objects,
            maker=self.maker,
            search=MemoryMeaningSearch(),
            talk=self.talk,
            phrases=(self.talk,),
            learner=self.talk,
            namer=self.namer,
            tracker=self.tracker,
            jobs=self.jobs,
            events=self.events,
            clock=self.clock,
            directory=self.directory,
        )

    def ask(self, graph_id: str = "g1", pieces: Iterable[bytes] | None = (EXPORT,), name: str | None = None) -> Graph:
        return asking.ask_for_graph(graph_id, USER, name=lambda: name, pieces=pieces, desk=self.desk)

    def work(self) -> None:
        """Do what was asked for, until nothing is left."""
        while self.jobs.jobs:
            self.run(self.jobs.jobs.pop(0))

    def run(self, job: Any) -> None:
        if isinstance(job, BuildGraph):
            drawing.build_graph(job, workshop=self.workshop)
        elif isinstance(job, StoreGraph):
            storing.store_graph(job, workshop=self.workshop)

    def job_of(self, graph: Graph) -> JobRecord:
        found = self.records.get(graph.job_id)
        assert found is not None
        return found

    @property
    def announced(self) -> list[GraphReady]:
        return [event for _topic, event, _except in self.events.published if isinstance(event, GraphReady)]
