"""A student, a conversation and all that answering rests on, in memory; any port may fail or be killed at any step."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.adapters.memory.budgets import MemoryBudgets
from shared.adapters.memory.conversations import MemoryConversations
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.turns import (
    MemoryNarrator,
    MemoryPace,
    MemoryPartner,
    MemoryTranscriber,
    MemoryTurnLog,
)
from shared.domains.budgets.service import DailyPurse
from shared.domains.conversations.models import Conversation, Scene, Turn
from shared.domains.jobs.models import JobRecord
from shared.domains.jobs.service import RecordTracker, record_job
from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.models import AI_CHAT, Answer, turn_id_of
from shared.domains.turns.rules import answering as answering_rules
from shared.domains.turns.rules.ending import EndingTurns
from shared.domains.turns.rules.run import Answering
from shared.kernel.budgets import Kind
from shared.kernel.times import timestamp
from shared.kernel.topics import turn_topic, user_topic
from shared.kernel.wire import Push, unpack

LIMITS = {Kind.TOKENS: 10_000, Kind.SPOKEN_CHARACTERS: 10_000, Kind.TRANSCRIBED_SECONDS: 1_000}
USER = "u1"


class Measured:
    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self.observe(name, amount)

    def observe(self, name: str, value: float, **labels: str) -> None:
        self.values.setdefault(name, []).append(value)


class Killed(BaseException):
    """The process died here: nobody catches it."""


@dataclass
class Faults:
    """Fails one call to a port: the one of that number, before or after it took effect."""

    at: int = -1
    problem: Callable[[], BaseException] = Killed
    is_after: bool = False
    calls: list[str] = field(default_factory=list)

    def around(self, port: Any) -> Any:
        return _Failing(port, self)

    def call(self, name: str, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            return method(*given, **named)
        is_now = len(self.calls) == self.at
        self.calls.append(name)
        if is_now and not self.is_after:
            raise self.problem()
        outcome = method(*given, **named)
        if is_now:
            raise self.problem()
        return outcome


class _Failing:
    def __init__(self, port: Any, faults: Faults) -> None:
        self._port, self._faults = port, faults

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*given: Any, **named: Any) -> Any:
            return self._faults.call(f"{type(self._port).__name__}.{name}", method, *given, **named)

        return call


class World:
    def __init__(self, **numbers: int) -> None:
        self.clock, self.events, self.queue = SetClock(), MemoryEvents(), MemoryJobs()
        self.parcels: list[tuple[str, bytes]] = []
        self.log = MemoryTurnLog(lambda topic, parcel: self.parcels.append((topic, parcel)))
        self.store, self.budgets, self.records = MemoryConversations(), MemoryBudgets(), MemoryJobRecords()
        self.partner, self.ear, self.narrator, self.pace = (
            MemoryPartner(),
            MemoryTranscriber(),
            MemoryNarrator(),
            MemoryPace(),
        )
        self.metrics = Measured()
        self.limits = dict(LIMITS)
        self.faults = Faults()
        self.numbers = {"window_tokens": 3000, "answer_tokens": 300, "winds_up_after": 10} | numbers
        scene = Scene(level="beginner", topic="food", role="waiter")
        self.store.add(
            Conversation(
                conversation_id="c1",
                user_id=USER,
                scene=scene,
                first_message="What can I get you?",
                started_at=timestamp(self.clock.now()),
            )
        )

    @property
    def purse(self) -> DailyPurse:
        return DailyPurse(self.budgets, self.events, self.clock, self.limits)

    @property
    def tracker(self) -> RecordTracker:
        return RecordTracker(self.records, self.events, self.clock)

    def answering(self) -> Answering:
        around = self.faults.around
        log, purse, tracker = around(self.log), around(self.purse), around(self.tracker)
        return Answering(
            log=log,
            store=around(self.store),
            partner=around(self.partner),
            transcriber=around(self.ear),
            narrator=around(self.narrator),
            purse=purse,
            pace=self.pace,
            endings=EndingTurns(tracker, self.records, log, purse),
            tracker=tracker,
            jobs=around(self.queue),
            clock=self.clock,
            metrics=self.metrics,
            **self.numbers,
        )

    @property
    def endings(self) -> EndingTurns:
        return EndingTurns(self.tracker, self.records, self.log, self.purse)

    def ask(self, message: str | None = "I want eat a pizza.", request_id: str = "r1", **fields: Any) -> AnswerTurn:
        turn_id = turn_id_of(USER, request_id)
        if not self.log.is_away:
            self.log.open(turn_id)
        record_job(turn_id, AI_CHAT, USER, jobs=self.records, clock=self.clock, request_id=request_id)
        return AnswerTurn(
            turn_id=turn_id,
            request_id=request_id,
            user_id=USER,
            conversation_id="c1",
            user_message=message,
            sent_at=timestamp(self.clock.now()),
            **fields,
        )

    def run(self, job: AnswerTurn) -> None:
        answering_rules.answer_turn(job, on=self.answering())

    def answer(self, *given: Any, **fields: Any) -> AnswerTurn:
        job = self.ask(*given, **fields)
        self.run(job)
        return job

    def told(self, job: AnswerTurn) -> list[Answer]:
        """Every end that watchers were told."""
        return [Answer.model_validate(said["answer"]) for said in self.published(job) if said.get("answer") is not None]

    def published(self, job: AnswerTurn) -> list[dict[str, Any]]:
        said = []
        for topic, parcel in self.parcels:
            pushed = unpack(parcel)
            assert isinstance(pushed, Push)
            said += [orjson.loads(pushed.payload)] if topic == turn_topic(job.turn_id) else []
        return said

    def deltas(self, job: AnswerTurn) -> list[str]:
        return [said["delta"] for said in self.published(job) if "delta" in said]

    def turns(self) -> list[Turn]:
        return self.store.turns_of("c1")

    def record(self, job: AnswerTurn) -> JobRecord:
        return self.records.records[job.turn_id]

    def result(self, job: AnswerTurn) -> dict[str, Any]:
        record = self.record(job)
        assert record.status == "COMPLETED", record
        assert record.result is not None
        return record.result

    def pushed(self, kind: str) -> list[dict[str, Any]]:
        pushes = [event.wire() for topic, event, _ in self.events.published if topic == user_topic(USER)]
        return [push for push in pushes if push["type"] == kind]

    def used(self, kind: Kind = Kind.TOKENS) -> int:
        return self.budgets.used(USER, "2026-01-02")[kind]

    def use(self, amount: int, kind: Kind = Kind.TOKENS) -> None:
        self.budgets.settle(USER, "2026-01-02", f"before {kind}", {kind: amount})

    def held(self) -> list[str]:
        return [purpose for (_, purpose), entry in self.budgets.entries.items() if not entry.is_settled]
