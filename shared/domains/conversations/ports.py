"""What conversations need from outside; every method raises Unavailable where nobody answers in time."""

from dataclasses import dataclass
from typing import Any, Protocol

from shared.domains.budgets.models import BudgetState, Kind
from shared.domains.conversations.models import Conversation, Turn
from shared.domains.partner.models import Report
from shared.domains.rooms.models import Member, Room
from shared.kernel.pages import Page, Position
from shared.kernel.partner import ConversationPartner
from shared.kernel.ports import Clock


class ConversationStore(Protocol):
    """Conversations and their turns."""

    def add(self, conversation: Conversation) -> bool:
        """Store a new one; where there is one of that id nothing changes. Tell whether it was new."""

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one as it stands after every write so far."""

    def default_of(self, user_id: str) -> str | None:
        """Return the id of a user's default conversation, ended or not, as of every write so far."""

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        """Make one the default where the default is still the one named; return which one is the default now."""

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Conversation]:
        """Return a user's conversations, newest first."""

    def end(self, conversation_id: str, at: str) -> bool:
        """Take no more turns from now on; False where it had ended already."""

    def keep_report(self, conversation_id: str, report: Report) -> None:
        """Store the report."""

    def keep_summary(self, conversation_id: str, summary: str, *, summarized: int) -> bool:
        """Store a summary of more turns than the one that is there; tell whether it did."""

    def add_turn(self, turn: Turn) -> bool:
        """Store an answered turn and count it, in one step; False where a turn of that `turn_id` is there already.

        `number` is the conversation's turn_count + 1 as it was read; turns of one conversation come one at a time.
        """

    def keep_correction(self, turn: Turn) -> None:
        """Store a turn's correction and audioJobId, once it is there."""

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id, as of every write so far."""

    def turns_of(self, conversation_id: str, *, after: int = 0) -> list[Turn]:
        """Return the turns whose number is above `after`, oldest first, at most 500."""


class OpeningJobs(Protocol):
    """The clients that wait; what has ended is never changed, and a push that is lost is found by asking."""

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far a job is."""

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End a job well."""

    def fail(self, job_id: str, error: str) -> None:
        """End a job with the code of an error."""

    def is_cancelled(self, job_id: str) -> bool:
        """Tell whether its owner wants it no more."""


class Narrator(Protocol):
    """Has things spoken."""

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Have sentences spoken as the voice Job of that id; again changes nothing."""


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


class RoomReader(Protocol):
    """Rooms as they stand."""

    def get(self, room_id: str) -> Room:
        """Return a room. Raises RoomNotFound where there is none, or it was deleted."""

    def members(self, room_id: str) -> list[Member]:
        """Return the memberships of a room, with names."""


@dataclass(frozen=True, slots=True)
class Backstage:
    """The ports that the work behind conversations rests on."""

    store: ConversationStore
    partner: ConversationPartner
    purse: Purse
    narrator: Narrator
    tracker: OpeningJobs
    clock: Clock
