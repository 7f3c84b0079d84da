"""What replays need from outside."""

from typing import Any, NamedTuple, Protocol

from shared.domains.operations.models import Audit, DeadLetter, Wanted
from shared.kernel.contract import Job
from shared.kernel.pages import Page, Position


class Due(NamedTuple):
    """A letter whose own time has come."""

    letter_id: str
    at: str


class ReplayableLetters(Protocol):
    """Letters as they are sent again; each step holds only where the letter still stands as it was read."""

    def get(self, letter_id: str) -> DeadLetter | None:
        """Return a letter as it stands."""

    def find(
        self, wanted: Wanted, *, limit: int, position: Position | None, oldest_first: bool = False
    ) -> Page[DeadLetter]:
        """Return letters by `last_at`."""

    def claim(self, letter: DeadLetter, *, now: str, until: str) -> bool:
        """Take the right to send an open letter; of many at once one gets it, and others again after `until`."""

    def release(self, letter: DeadLetter, *, until: str) -> None:
        """Give the right back that was taken until then."""

    def sent(self, letter: DeadLetter, audit: Audit) -> bool:
        """Make a letter REPLAYED once more, with the audit, unless it died again meanwhile; tell whether it was so."""

    def note(self, audit: Audit) -> None:
        """Keep what somebody did."""

    def succeed(self, letter_id: str, replays: int, at: str) -> bool:
        """Note that the job ended well in that replay; a letter of a later one, discarded or unknown stays."""

    def due(self, now: str, limit: int) -> list[Due]:
        """Return scheduled letters whose time has come, the longest due first."""

    def unschedule(self, due: Due) -> None:
        """Forget a time that has come; one that was set since stays."""

    def has_taken_effect(self, job_id: str) -> bool:
        """Tell whether the ledger knows that a job which runs once was done."""


class TextReader(Protocol):
    """Texts that were too large for an item."""

    def read(self, key: str) -> str | None:
        """Return a text; None where it is gone."""


class JobTypes(Protocol):
    """The jobs that workers know."""

    def __call__(self, task: str | None, /) -> type[Job] | None:
        """Return the type with that wire name."""


class WaitingClients(Protocol):
    """The jobs that clients ask about; a step on an unknown one changes nothing."""

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far it is."""

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End it well."""

    def fail(self, job_id: str, error: str) -> None:
        """End it with the code of an error."""

    def restart(self, job_id: str) -> None:
        """Let a failed one begin again."""

    def is_cancelled(self, job_id: str) -> bool:
        """Tell whether its owner wants it no more."""
