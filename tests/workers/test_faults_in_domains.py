"""Whatever fails in a product's job, at whichever call of its rule: it is done once, waits, or is a letter.

Each case runs a domain's own rule on its ports in memory. What is stored, queued and told is counted by what it is, so
that a repetition that changes nothing counts as nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.memory.graphs import MemoryGraphs
from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.notebook import MemoryNotebook
from shared.adapters.memory.statistics import MemoryStatistics
from shared.domains.graphs.contract import StoreGraph
from shared.domains.graphs.models import GraphStatus
from shared.domains.graphs.rules import drawing, storing
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.jobs.service import RecordTracker
from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.rules.noting import note_mistake
from shared.domains.practice.contract import CountSession, ScoreRecording, WriteSentences
from shared.domains.practice.rules.scoring import score_recording
from shared.domains.practice.rules.sessions import count_session
from shared.domains.practice.rules.writing import Writing, write_sentences
from shared.domains.statistics.contract import RecordEvent
from shared.domains.statistics.rules.recording import record_event
from shared.domains.turns.rules import answering, hearing
from shared.domains.voice.models import VoiceState
from shared.domains.voice.rules import speaking
from shared.domains.voice.rules.shelf import Shelf
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from tests.shared.domains.graphs.world import World as GraphWorld
from tests.shared.domains.notebook.test_notebook import a_mistake
from tests.shared.domains.practice.test_scoring import SENTENCE
from tests.shared.domains.practice.test_scoring import World as ScoringWorld
from tests.shared.domains.practice.test_sessions import World as SessionWorld
from tests.shared.domains.practice.test_writing import GOOD, form
from tests.shared.domains.practice.test_writing import World as WritingWorld
from tests.shared.domains.statistics.test_statistics import an_event
from tests.shared.domains.test_voice import World as VoiceWorld
from tests.shared.domains.turns.test_hearing import asked
from tests.shared.domains.turns.world import World as TurnWorld
from tests.workers.injection import Injector, Post, faulty_logs

FAULTS: tuple[BaseException, ...] = (RuntimeError("a bug"), Unavailable("away"), SystemExit("a setting is wrong"))
LEASE_SECONDS = 600.0


class Case:
    """A job of the product, its rule on ports that fail, and what it must have brought about."""

    job: Job
    clock: SetClock

    def act(self, job: Any) -> None:
        """Run the rule."""
        raise NotImplementedError

    def brought(self) -> list[str]:
        """Name what was brought about; twice what was brought about twice."""
        raise NotImplementedError

    wanted: tuple[str, ...]


def finished(record: JobRecord | None) -> list[str]:
    return ["told"] if record is not None and record.status is JobStatus.COMPLETED else []


def told_by(tracker: RecordTracker, injector: Injector) -> RecordTracker:
    return injector.around_each(tracker, "clock")


class Scoring(Case):
    wanted = ("event", "mistake", "result", "told")

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world = ScoringWorld()
        self.clock = self.world.clock
        self.ports = injector.around_each(self.world.ports, "tracker")
        self.ports = replace(self.ports, tracker=told_by(self.world.tracker, injector))
        self.job = ScoreRecording(
            job_id="j1",
            user_id="ann",
            recording_key="k-half",
            original_text=SENTENCE,
            sent_at="2026-01-02T16:00:00.000000Z",
        )

    def act(self, job: Any) -> None:
        score_recording(job, ports=self.ports)

    def brought(self) -> list[str]:
        events = {job.event.event_id for job in self.world.enqueued(RecordEvent)}
        mistakes = {job.mistake.happening_id for job in self.world.enqueued(NoteMistake)}
        results = self.world.results.stored
        return [
            *["event" for _ in events],
            *["mistake" for _ in mistakes],
            *["result" for _ in results],
            *finished(self.world.records.get("j1")),
        ]


class Writes(Case):
    wanted = ("sentence", "sentence", "spoken", "spoken", "told")

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world = world = WritingWorld(*[form(*GOOD)] * 12)
        self.clock = world.clock
        around = injector.around
        self.ports = Writing(
            partner=around(world.partner),
            purse=around(world.purse),
            sentences=around(world.sentences),
            due_phrases=lambda _user_id, _limit: [],
            tracker=told_by(world.tracker, injector),
            speak=around(self).speak,
        )
        self.job = WriteSentences(job_id="j1", user_id="ann", session_id="s1", level="beginner", topic="food", count=2)

    def speak(self, sentence: Any, _user_id: str) -> None:
        self.world.spoken.append(sentence)

    def act(self, job: Any) -> None:
        write_sentences(job, ports=self.ports)

    def brought(self) -> list[str]:
        spoken = {one.audio_job_id for one in self.world.spoken}
        sentences = ["sentence" for _ in self.world.english]
        return [*sentences, *["spoken" for _ in spoken], *finished(self.world.records.get("j1"))]


class Counts(Case):
    wanted = ("event",)

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world, self.injector = SessionWorld(), injector
        self.clock = self.world.clock
        self.world.start()
        self.world.later(seconds=60)
        self.world.end()
        self.world.jobs.jobs.clear()
        self.job = CountSession(session_id="s1")

    def act(self, job: Any) -> None:
        around, world = self.injector.around, self.world
        count_session(job, sessions=around(world.sessions), learners=around(world), jobs=around(world.jobs))

    def brought(self) -> list[str]:
        return ["event" for _ in {event.event_id for event in self.world.events}]


class Draws(Case):
    wanted = ("result",)

    def __init__(self, injector: Injector, folder: Path) -> None:
        self.world = GraphWorld(folder)
        self.clock = self.world.clock
        self.graph = self.world.ask()
        self.job = self.world.jobs.jobs.pop(0)
        tracker = told_by(self.world.tracker, injector)
        self.ports = injector.around_each(self.world.workshop, "tracker", "phrases", "directory")
        self.ports = replace(self.ports, tracker=tracker)

    def act(self, job: Any) -> None:
        drawing.build_graph(job, workshop=self.ports)

    def brought(self) -> list[str]:
        results = [job for job in self.world.jobs.jobs if isinstance(job, StoreGraph) and job.facts]
        return ["result" for _ in {job.graph_id for job in results}]


class Stores(Case):
    wanted = ("announced", "ready", "told")

    def __init__(self, injector: Injector, folder: Path) -> None:
        drawn = Draws(Injector(0, RuntimeError()), folder)
        drawn.act(drawn.job)
        self.world, self.graph, self.clock = drawn.world, drawn.graph, drawn.clock
        self.job = self.world.jobs.jobs.pop(0)
        tracker = told_by(self.world.tracker, injector)
        self.ports = injector.around_each(self.world.workshop, "tracker", "phrases", "directory")
        self.ports = replace(self.ports, tracker=tracker)

    def act(self, job: Any) -> None:
        storing.store_graph(job, workshop=self.ports)

    def brought(self) -> list[str]:
        store: MemoryGraphs = self.world.store
        found = store.get(self.graph.graph_id)
        ready = ["ready"] if found is not None and found.status is GraphStatus.READY else []
        announced = {one.graph_id for one in self.world.announced}
        return [*["announced" for _ in announced], *ready, *finished(self.world.job_of(self.graph))]


class Speaks(Case):
    wanted = ("told", "voice")

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world = world = VoiceWorld()
        self.clock = world.clock
        world.ask()
        self.job = world.take()
        around = injector.around
        shelf = Shelf(around(world.voices), around(world.audio), world.clock)
        tracker = told_by(world.studio.tracker, injector)
        studio = injector.around_each(world.studio, "shelf", "tracker")
        self.studio = replace(studio, shelf=shelf, tracker=tracker)

    def act(self, job: Any) -> None:
        speaking.synthesize_speech(job, studio=self.studio)

    def brought(self) -> list[str]:
        made = [one for one in self.world.voices.voices.values() if one.state is VoiceState.READY]
        return [*finished(self.world.records.records["j1"]), *["voice" for _ in made]]


class Answers(Case):
    wanted = ("answer", "told", "turn")

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world = TurnWorld()
        self.clock = self.world.clock
        self.job = self.turn = self.world.ask()
        self.on = injector.around_each(self.world.answering(), *self.world.numbers, "endings", "clock", "pace")

    def act(self, job: Any) -> None:
        answering.answer_turn(job, on=self.on)

    def brought(self) -> list[str]:
        answers = {one.model_dump_json() for one in self.world.told(self.turn)}
        turns = self.world.turns()
        told = finished(self.world.record(self.turn))
        return [*["answer" for _ in answers], *told, *["turn" for _ in turns]]


class Hears(Case):
    wanted = ("told",)

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.world = TurnWorld()
        self.clock = self.world.clock
        self.job = asked(self.world)
        self.on = injector.around_each(self.world.answering(), *self.world.numbers, "endings", "clock", "pace")

    def act(self, job: Any) -> None:
        hearing.transcribe_recording(job, on=self.on)

    def brought(self) -> list[str]:
        return finished(self.world.records.records["j1"])


class Notes(Case):
    wanted = ("once",)

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.clock, self.store = SetClock(), MemoryNotebook()
        self.ports = injector.around(self.store)
        self.job = NoteMistake(mistake=a_mistake())

    def act(self, job: Any) -> None:
        note_mistake(job, time_zone="Asia/Seoul", store=self.ports)

    def brought(self) -> list[str]:
        return ["once" for entry in self.store.all_of("ann", limit=10) for _ in range(entry.count)]


class Records(Case):
    wanted = ("once",)

    def __init__(self, injector: Injector, _folder: Path) -> None:
        self.clock, self.store = SetClock(), MemoryStatistics()
        self.ports = injector.around(self.store)
        self.job = RecordEvent(event=an_event())

    def act(self, job: Any) -> None:
        record_event(job, store=self.ports)

    def brought(self) -> list[str]:
        days = self.store.days("ann", "2026-01-01", "2026-01-01")
        return ["once" for day in days for _ in range(day.practice_count)]


CASES: tuple[Callable[[Injector, Path], Case], ...] = (
    Scoring,
    Writes,
    Counts,
    Draws,
    Stores,
    Speaks,
    Answers,
    Hears,
    Notes,
    Records,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_job_is_done_once_or_waits_or_is_a_letter(
    make: Callable[[Injector, Path], Case], fault: BaseException, tmp_path: Path
) -> None:
    number = 1
    while True:
        injector = Injector(0, fault)
        case = make(injector, tmp_path)
        injector.number, injector.calls = number, 0
        post = Post(case.job, injector, case.act)
        with faulty_logs(injector):
            post.receive_all(partial(case.clock.sleep, LEASE_SECONDS))
        brought = sorted(case.brought())
        where = f"place {number}: {brought}, {post.letters()}, on queue {post.is_on_queue}"
        assert all(brought.count(what) <= case.wanted.count(what) for what in brought), where
        assert tuple(brought) == case.wanted or post.letters() or post.is_on_queue, where
        if injector.calls < number:
            break
        number += 1
    assert tuple(brought) == case.wanted, brought
    assert number > 8
