"""What answering a turn needs from outside; every method raises Unavailable where nobody answers in time."""

from dataclasses import dataclass
from typing import Any, Protocol

from shared.domains.budgets.models import BudgetState, Kind
from shared.domains.conversations.models import Conversation, Turn
from shared.domains.turns.models import Answer, Going, Heard, Live
from shared.kernel.partner import ConversationPartner
from shared.kernel.ports import Clock, JobQueue, Metrics


class AnswerLog(Protocol):
    """Turns while they are being answered, over all processes, and for an hour after.

    What is said is published on the turn's topic as it is logged (see `turns.models.Said`). Losing this log costs
    deltas, never an answer: the table has those.
    """

    def begin(self, turn_id: str) -> Live:
        """Begin a run: what an earlier one said is dropped, and that one is over. A turn that has ended stays so."""

    def say(self, turn_id: str, run: int, delta: str) -> Going:
        """Log what a run says; OVER where the turn has ended or another run began: nothing was logged then."""

    def read(self, turn_id: str) -> Live | None:
        """Return a turn as it stands; None where it is not known (any more)."""


class AnswerStore(Protocol):
    """Conversations and their turns, as answering needs them."""

    def get(self, conversation_id: str) -> Conversation | None:
        """Return a conversation as it stands after every write so far."""

    def turns_of(self, conversation_id: str, *, after: int = 0) -> list[Turn]:
        """Return the turns whose number is above `after`, oldest first."""

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id, as of every write so far."""

    def add_turn(self, turn: Turn) -> bool:
        """Store an answered turn and count it, in one step; False where a turn of that `turn_id` is there already."""

    def keep_correction(self, turn: Turn) -> None:
        """Store a turn's correction and audioJobId, once it is there."""


class Transcriber(Protocol):
    """Hears."""

    def hear(self, key: str) -> Heard:
        """Return what is said in a recording of the bucket, of at most 60 s.

        Raises:
            Unavailable: the service does not answer; another try may help.
            Invalid: the recording cannot be read, or is too long.
        """


class Narrator(Protocol):
    """Has answers spoken; every method raises Unavailable where the queue does not take it."""

    def say_sentence(self, text: str, *, user_id: str, request_id: str, index: int) -> None:
        """Have one sentence of an answer spoken; the user is pushed `audioReady` when it can be heard."""

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Have a whole answer spoken as the voice Job of that id, from the sentences that are spoken already."""


class Purse(Protocol):
    """What a user may still spend today; states of every kind that was asked for, after the step."""

    def hold(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> dict[Kind, BudgetState]:
        """Count amounts as used before they are, except of a kind that is spent; again for a purpose changes nothing.

        The states are those before the hold: SPENT means that nothing more of the kind may be used.
        """

    def settle(self, user_id: str, purpose: str, amounts: dict[Kind, int]) -> None:
        """Replace what was held by what it was; the user is told where a budget came nearer to its end."""

    def give_back(self, user_id: str, purpose: str) -> None:
        """Count what was held as unused; what was settled stays."""


class Pace(Protocol):
    """How long turns take of late; never fails."""

    def note(self, milliseconds: int) -> None:
        """Note how long a turn took from its sending to its answer."""


class AnswerJobs(Protocol):
    """The clients that wait; what has ended is never changed, and a push that is lost is found by asking."""

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far a job is."""

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End a job well."""

    def is_cancelled(self, job_id: str) -> bool:
        """Tell whether its owner wants it no more."""


class Endings(Protocol):
    """How a turn ends; nothing is raised where the log is away, since who waits finds the end in the Job."""

    def end(self, turn_id: str, answer: Answer) -> None:
        """End a turn in the log, unless it has ended."""

    def refuse(self, turn_id: str, code: str, *, user_id: str, conversation_id: str) -> None:
        """End a turn as failed with a code, and its Job, and free what is held for it."""

    def give_back(self, turn_id: str, user_id: str) -> None:
        """Free what is held for a turn."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering rests on, and its numbers.

    The model is shown `window_tokens` of past turns, answers with `answer_tokens` at most, and brings a conversation to
    its end from turn `winds_up_after` on.
    """

    log: AnswerLog
    store: AnswerStore
    partner: ConversationPartner
    transcriber: Transcriber
    narrator: Narrator
    purse: Purse
    pace: Pace
    endings: Endings
    tracker: AnswerJobs
    jobs: JobQueue
    clock: Clock
    metrics: Metrics
    window_tokens: int
    answer_tokens: int
    winds_up_after: int
