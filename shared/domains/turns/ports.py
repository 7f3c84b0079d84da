"""What turns need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Iterable
from typing import Protocol

from shared.domains.accounts.models import Account
from shared.domains.conversations.models import Conversation, Turn
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.models import Added, Answer, Going, Live, Opened, Take
from shared.domains.voice.models import Voice
from shared.kernel.recordings import Heard, Partial
from shared.kernel.stores import History, Keyed, Objects, Records, Stored

Students = Keyed[Account]
"""Accounts, for the level of a student."""
TurnJobs = Records[JobRecord, JobStatus]
"""The records of turns that clients ask about."""
Recordings = Objects
"""Recordings in the bucket, for as long as its lifecycle keeps them (30 days)."""


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

    def begin(self, turn_id: str) -> Live:
        """Begin a run: what an earlier one said is dropped, and that one is over. A turn that has ended stays so."""

    def say(self, turn_id: str, run: int, delta: str) -> Going:
        """Log what a run says; OVER where the turn has ended or another run began: nothing was logged then."""

    def end(self, turn_id: str, answer: Answer) -> Answer:
        """End a turn, unless it has ended; return the answer that it ended with: the first counts."""

    def forget(self, turn_id: str) -> None:
        """Drop a turn that is tried anew."""


class Takes(Protocol):
    """Recordings while they are made, over all processes: at most two a user, of 10 MiB each.

    Each is named by its user and its turn. It is forgotten five minutes after it last grew.
    """

    def open(self, user_id: str, turn_id: str, *, is_streamed: bool) -> Opened | None:
        """Begin a take, or find it as it stands; None where the user has two others."""

    def add(self, user_id: str, turn_id: str, index: int, chunk: bytes) -> Added:
        """Add the chunk of an index; one that is there already is TAKEN and changes nothing.

        What would make it larger than 10 MiB ends it: it takes nothing more, its refusal is PAYLOAD_TOO_LARGE, and
        what came is dropped.
        """

    def end(self, user_id: str, turn_id: str, at: str) -> Take | None:
        """Note that all was said, the first time counts; return how it stands, without chunks."""

    def read(self, user_id: str, turn_id: str, first: int) -> Take | None:
        """Return a take with its chunks from an index on; None where there is none (any more)."""

    def close(self, user_id: str, turn_id: str) -> None:
        """Drop the chunks of a take whose turn is queued, which takes no more; it is known for five minutes yet."""

    def discard(self, user_id: str, turn_id: str) -> None:
        """Drop a take; again changes nothing."""


class Listener(Protocol):
    """Hears while it is said."""

    def listen(self, chunks: Iterable[bytes], *, partial: Partial) -> Heard:
        """Return what is said in a recording that comes bit by bit, once it has ended.

        `partial` is told all that is heard by now, each time that it changes. What `chunks` raises is raised.

        Raises:
            Unavailable: the service does not answer, or too many speak at once; the whole may be heard later.
            UnreadableAudio: it is no recording, or none that can be read before it is whole.
            AudioTooLong: it has more than a minute.
            TranscriberRefused: our permissions or settings are wrong.
        """


class TurnStore(Stored[Conversation], History[Turn], Protocol):
    """Conversations and their turns, as asking and answering need them."""

    def default_of(self, user_id: str) -> str | None:
        """Return the id of a user's default conversation, ended or not, as of every write so far."""

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        """Make one the default where the default is still the one named; return which one is the default now."""

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id, as of every write so far."""

    def add_turn(self, turn: Turn) -> bool:
        """Store an answered turn and count it, in one step; False where a turn of that `turn_id` is there already.

        `number` is the conversation's turn_count + 1 as it was read; turns of one conversation come one at a time.
        """

    def keep_correction(self, turn: Turn) -> None:
        """Store a turn's correction and audioJobId, once it is there."""


class TurnRate(Protocol):
    """How often a user may ask the partner."""

    def check(self, user_id: str) -> None:
        """Count one request of a user. Raises RateLimited above ten in any minute."""


class Pace(Protocol):
    """How long turns take of late; never fails."""

    def estimate(self) -> int:
        """Return the median of recent turns in milliseconds, 3000 at first."""

    def note(self, milliseconds: int) -> None:
        """Note how long a turn took from its sending to its answer."""


class SpokenBefore(Protocol):
    """Voices that are there already."""

    def find(self, voice: str) -> Voice | None:
        """Return a voice that can be heard for an hour from now."""

    def address(self, voice: str) -> str:
        """Return where a voice is heard, good for one hour; computed here, nothing is asked."""

    def words_address(self, voice: str) -> str:
        """Return where the times of its words are read, good for one hour; computed here, nothing is asked."""
