"""What the operators' desk needs from outside."""

from typing import Protocol

from shared.domains.operations.models import Audit, DeadLetter, Wanted
from shared.kernel.contract import Job
from shared.kernel.pages import Page, Position


class LetterStore(Protocol):
    """Letters as operators read and settle them."""

    def get(self, letter_id: str) -> DeadLetter | None:
        """Return a letter as it stands."""

    def find(
        self, wanted: Wanted, *, limit: int, position: Position | None, oldest_first: bool = False
    ) -> Page[DeadLetter]:
        """Return letters by `last_at`, newest first where nothing else is said."""

    def amend(self, letter: DeadLetter, audit: Audit) -> bool:
        """Write task, arguments and state of an unsettled letter that nobody is sending, with the audit.

        Tell whether it was so; a letter that died once more since it was read stays as it is.
        """

    def discard(self, letter_id: str, reason: str, audit: Audit) -> bool:
        """Make an unsettled letter that nobody is sending DISCARDED, with the audit; tell whether it was so."""

    def note(self, audit: Audit) -> None:
        """Keep what somebody did."""

    def audits(self, letter_id: str) -> list[Audit]:
        """Return what was done to a letter, oldest first."""


class JobTypes(Protocol):
    """The jobs that workers know."""

    def __call__(self, task: str | None, /) -> type[Job] | None:
        """Return the type with that wire name."""
