"""What turns need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Collection
from typing import Protocol

from shared.domains.accounts.models import Account
from shared.domains.conversations.models import Conversation, Turn
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.models import Answer, Live


class TurnLog(Protocol):
    """Turns while they are being answered, over all processes, and for an hour after.

    What is said is published on the turn's topic as it is logged (see `turns.models.Said`), so that a gateway that
    listens and then reads misses nothing. Losing this log costs deltas, never an answer: the table has those.
    """

    def open(self, turn_id: str) -> Live:
        """Begin to log a turn that is not known yet; return it as it stands."""

    def read(self, turn_id: str) -> Live | None:
        """Return a turn as it stands; None where it is not known (any more)."""

    def ask_to_stop(self, turn_id: str) -> Live | None:
        """Note that the student wants no more; None where the turn is not known."""

    def end(self, turn_id: str, answer: Answer) -> Answer:
        """End a turn, unless it has ended; return the answer that it ended with: the first counts."""

    def forget(self, turn_id: str) -> None:
        """Drop a turn that is tried anew."""


class TurnConversations(Protocol):
    """Conversations, as asking needs them."""

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one as it stands after every write so far."""

    def add(self, conversation: Conversation) -> bool:
        """Store a new one; where there is one of that id nothing changes. Tell whether it was new."""

    def default_of(self, user_id: str) -> str | None:
        """Return the id of a user's default conversation, ended or not, as of every write so far."""

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        """Make one the default where the default is still the one named; return which one is the default now."""

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id, as of every write so far."""


class TurnJobs(Protocol):
    """The records of turns that clients ask about, each changed in one conditional step."""

    def add(self, job: JobRecord) -> None:
        """Store a new record; where there is one of that id nothing changes."""

    def get(self, job_id: str) -> JobRecord | None:
        """Return a record as it stands after every write so far."""

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        """Write a record over the one that is stored, where that has one of the statuses; tell whether it had."""


class Students(Protocol):
    """Accounts, as asking needs them: for the level of a student."""

    def get(self, user_id: str) -> Account | None:
        """Return an account."""


class Recordings(Protocol):
    """Recordings in the bucket, for as long as its lifecycle keeps them (30 days)."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object, over one of the same key."""


class TurnRate(Protocol):
    """How often a user may ask the partner."""

    def check(self, user_id: str) -> None:
        """Count one request of a user. Raises RateLimited above ten in any minute."""


class Pace(Protocol):
    """How long turns take of late; never fails."""

    def estimate(self) -> int:
        """Return the median of recent turns in milliseconds, 3000 at first."""
