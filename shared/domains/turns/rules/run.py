"""One run of answering a turn: what it rests on, when what happened, and what it came to know."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from shared.domains.conversations.models import Turn
from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.models import Live
from shared.domains.turns.ports import Pace, TurnLog, TurnStore
from shared.domains.turns.rules.correcting import Correcting
from shared.domains.turns.rules.ending import EndingTurns
from shared.kernel.partner import ConversationPartner
from shared.kernel.ports import Clock, JobQueue, JobTracker, Metrics, Narrator, Purse, Transcriber
from shared.kernel.times import instant


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering rests on, and its numbers.

    The model is shown `window_tokens` of past turns, answers with `answer_tokens` at most, and brings a conversation to
    its end from turn `winds_up_after` on.
    """

    log: TurnLog
    store: TurnStore
    partner: ConversationPartner
    transcriber: Transcriber
    narrator: Narrator
    purse: Purse
    pace: Pace
    endings: EndingTurns
    tracker: JobTracker
    jobs: JobQueue
    clock: Clock
    metrics: Metrics
    window_tokens: int
    answer_tokens: int
    winds_up_after: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """When what happened, in milliseconds since the turn was sent; what happened first counts."""

    sent_at: str
    now: Callable[[], datetime]
    marks: dict[str, int] = field(default_factory=dict)

    def mark(self, name: str) -> int:
        """Note that something happens now, unless it did before; return when it did."""
        passed = (self.now() - instant(self.sent_at)).total_seconds()
        return self.marks.setdefault(name, round(passed * 1000))


@dataclass(slots=True)
class Run:
    """One run of a turn, and what it came to know; `live` is None where the log is away."""

    job: AnswerTurn
    on: Answering
    times: Timeline
    live: Live | None = None
    seconds: int = 0
    turns: list[Turn] = field(default_factory=list)
    correcting: Correcting | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the student was told an end before this run."""
        return self.live is not None and self.live.answer is not None
