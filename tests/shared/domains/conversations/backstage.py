"""The ports of the work behind conversations, and what fails in them when a test says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.memory.conversations import MemoryConversations
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.domains.conversations.contract import OpenConversation
from shared.domains.conversations.models import Conversation, Correction, Scene, Turn
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.jobs.contract import JobChanged
from shared.domains.jobs.service import RecordTracker
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Unavailable
from shared.kernel.partner import Ending, Filled, Finished, Piece, Question, Usage

SCENE = Scene(level="beginner", topic="ordering coffee", role="a barista", language="ko")
OPENED = {"situation": "In a café.", "firstMessage": "Hi! What can I get you?"}
USAGE = Usage(100, 20)


class ScriptedPartner:
    """A model that gives what it was told to, one after the other, and the last again; an error is raised."""

    def __init__(self) -> None:
        """Know no answer."""
        self.answers: list[Any] = []
        self.asked: list[Question] = []

    def _next(self, question: Question) -> Any:
        self.asked.append(question)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def fill(self, question: Question) -> Filled:
        """Give the next fields."""
        return Filled(self._next(question), USAGE)

    @contextmanager
    def speak(self, question: Question) -> Iterator[Iterator[Piece]]:
        """Give the next pieces; an error among them breaks the stream there."""
        yield self._pieces(self._next(question))

    def _pieces(self, said: list[str | Exception]) -> Iterator[Piece]:
        for piece in said:
            if isinstance(piece, Exception):
                raise piece
            yield piece
        yield Finished(Ending.DONE, USAGE)


class ScriptedPurse:
    """A purse with states by setting, that remembers what is held and what was settled."""

    def __init__(self) -> None:
        """Begin with enough of everything."""
        self.states: dict[Kind, BudgetState] = {}
        self.held: dict[str, dict[Kind, int]] = {}
        self.settled: dict[str, dict[Kind, int]] = {}

    def hold(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> dict[Kind, BudgetState]:
        """Hold what is not spent, once a purpose."""
        states = {kind: self.states.get(kind, BudgetState.OK) for kind in amounts}
        kept = {kind: amount for kind, amount in amounts.items() if states[kind] is not BudgetState.SPENT}
        if kept and purpose not in self.settled:
            self.held.setdefault(purpose, kept)
        return states

    def settle(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> None:
        """Settle once a purpose."""
        self.held.pop(purpose, None)
        self.settled.setdefault(purpose, amounts)

    def give_back(self, user_id: str, purpose: str) -> None:
        """Forget what was held."""
        self.held.pop(purpose, None)


class Voices:
    """A narrator that remembers."""

    def __init__(self) -> None:
        """Begin silent."""
        self.said: dict[str, list[str]] = {}

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Remember a voice job; again changes nothing."""
        self.said.setdefault(job_id, sentences)


class Breaking:
    """A port whose steps fail in turn: before they take effect, or after, as a process does that dies there."""

    def __init__(self, port: Any, name: str, *, after: bool) -> None:
        """Break the first call of one method."""
        self._port, self._name, self._after = port, name, after
        self.broke = 0

    def __getattr__(self, name: str) -> Any:
        """Return the port's method, or the one that breaks."""
        method = getattr(self._port, name)
        if name != self._name or self.broke:
            return method

        def breaking(*given: Any, **named: Any) -> Any:
            self.broke += 1
            if self._after:
                method(*given, **named)
            raise Unavailable("It died here.")

        return breaking


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    store: MemoryConversations = field(default_factory=MemoryConversations)
    partner: ScriptedPartner = field(default_factory=ScriptedPartner)
    purse: ScriptedPurse = field(default_factory=ScriptedPurse)
    narrator: Voices = field(default_factory=Voices)
    records: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    broken: dict[str, Any] = field(default_factory=dict)

    @property
    def tracker(self) -> RecordTracker:
        return RecordTracker(self.records, self.events, self.clock)

    @property
    def backstage(self) -> Backstage:
        ports = {name: getattr(self, name) for name in ("store", "partner", "purse", "narrator", "tracker", "clock")}
        return Backstage(**(ports | self.broken))

    def break_once(self, port: str, method: str, *, after: bool) -> Breaking:
        """Let one step fail the next time that it is taken."""
        self.broken[port] = Breaking(getattr(self, port), method, after=after)
        return self.broken[port]  # type: ignore[no-any-return]

    def told(self, job_id: str) -> list[str]:
        """Return the ends of a job that its owner was pushed."""
        pushed = [one for _, one, _ in self.events.published if isinstance(one, JobChanged) and one.job_id == job_id]
        return [one.status for one in pushed if one.status != "PROCESSING"]

    def converse(self, turns: int, *, correction: Correction | None = None, **fields: Any) -> Conversation:
        """Store a conversation with turns."""
        conversation = Conversation(conversation_id="c1", user_id="u1", scene=SCENE, started_at="2026", **fields)
        self.store.add(conversation)
        for number in range(1, turns + 1):
            self.store.add_turn(a_turn(number, correction=correction))
        return conversation


def a_turn(number: int, **fields: Any) -> Turn:
    given = {
        "conversation_id": "c1",
        "number": number,
        "turn_id": f"t{number}",
        "request_id": f"r{number}",
        "user_id": "u1",
        "user_message": f"student {number}",
        "ai_message": f"partner {number}",
        "sent_at": "2026",
        "answered_at": "2026",
    }
    return Turn.model_validate(given | fields)


def a_correction(better: str = "He goes.", **fields: Any) -> Correction:
    return Correction.model_validate({"original": "He go.", "better": better, "spans": [], "why": "Grammar."} | fields)


def an_opening(**fields: Any) -> OpenConversation:
    given = {"job_id": "j1", "conversation_id": "c1", "user_id": "u1", "scene": SCENE}
    return OpenConversation.model_validate(given | fields)
