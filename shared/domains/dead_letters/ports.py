"""What dead letters need from outside."""

from typing import Protocol

from shared.domains.dead_letters.models import Audit, DeadLetter, Due, Recorded, Redriven, Wanted
from shared.domains.jobs.models import JobRecord
from shared.kernel.pages import Page, Position
from shared.kernel.queues import Queue
from shared.kernel.stores import Keyed


class LetterInbox(Protocol):
    """Where deaths are recorded."""

    def record(self, letter: DeadLetter) -> Recorded:
        """Store a death, or reopen the letter of a job that was sent again since; an old death changes nothing.

        A death is new where there is no letter, where its job carried more replays than the letter counts, or as many
        and the letter is REPLAYED. A reopened letter keeps its first time.
        """

    def schedule(self, letter_id: str, at: str) -> None:
        """Let a letter be found by `due` from that time on; again changes nothing."""


class RedriveQueues(Protocol):
    """The queues' own dead-letter queues."""

    def receive(self, queue: Queue) -> list[Redriven]:
        """Return some messages, hidden from others for five minutes; none where there are none.

        Raises:
            Unavailable: SQS did not answer.
        """

    def delete(self, message: Redriven) -> None:
        """Remove a message; again changes nothing."""


class SilentJobs(Protocol):
    """The jobs that clients ask about, by the last that was heard of them."""

    def silent_since(self, before: str, limit: int) -> list[JobRecord]:
        """Return unfinished records of which nothing was heard since a time, the longest silent first."""


class Letters(Keyed[DeadLetter], Protocol):
    """Letters as they are read."""

    def find(
        self, wanted: Wanted, *, limit: int, position: Position | None, oldest_first: bool = False
    ) -> Page[DeadLetter]:
        """Return letters by `last_at`, newest first where nothing else is said."""

    def note(self, audit: Audit) -> None:
        """Keep what somebody did."""


class LetterStore(Letters, Protocol):
    """Letters as operators read and settle them."""

    def amend(self, letter: DeadLetter, audit: Audit) -> bool:
        """Write task, arguments and state of an unsettled letter that nobody is sending, with the audit.

        Tell whether it was so; a letter that died once more since it was read stays as it is.
        """

    def discard(self, letter_id: str, reason: str, audit: Audit) -> bool:
        """Make an unsettled letter that nobody is sending DISCARDED, with the audit; tell whether it was so."""

    def audits(self, letter_id: str) -> list[Audit]:
        """Return what was done to a letter, oldest first."""


class ReplayableLetters(Letters, Protocol):
    """Letters as they are sent again; each step holds only where the letter still stands as it was read."""

    def claim(self, letter: DeadLetter, *, now: str, until: str) -> bool:
        """Take the right to send an open letter; of many at once one gets it, and others again after `until`."""

    def release(self, letter: DeadLetter, *, until: str) -> None:
        """Give the right back that was taken until then."""

    def sent(self, letter: DeadLetter, audit: Audit) -> bool:
        """Make a letter REPLAYED once more, with the audit, unless it died again meanwhile; tell whether it was so."""

    def succeed(self, letter_id: str, replays: int, at: str) -> bool:
        """Note that the job ended well in that replay; a letter of a later one, discarded or unknown stays."""

    def due(self, now: str, limit: int) -> list[Due]:
        """Return the scheduled letters that are due, the longest due first."""

    def unschedule(self, due: Due) -> None:
        """Forget a time that has come; one that was set since stays."""

    def has_taken_effect(self, job_id: str) -> bool:
        """Tell whether the ledger knows that a job which runs once was done."""
