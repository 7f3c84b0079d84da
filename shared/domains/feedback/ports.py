"""What feedback needs from outside."""

from typing import Protocol

from shared.domains.feedback.models import Feedback
from shared.kernel.contract import Event
from shared.kernel.pages import Page, Position
from shared.kernel.ports import TakenPushes


class FeedbackReader(Protocol):
    """Feedback that the table has."""

    def between(self, tutor_id: str, student_id: str, *, limit: int, position: Position | None) -> Page[Feedback]:
        """Return what was said between two, newest first."""

    def find(self, feedback_id: str) -> Feedback | None:
        """Return feedback by its id; what was stored just now may be missing."""

    def undelivered(self, student_id: str) -> list[Feedback]:
        """Return what no channel of a student took, oldest first; what was stored just now may be missing."""


class FeedbackStore(FeedbackReader, Protocol):
    """Feedback that the table has, and the keeping of it."""

    def keep(self, feedback: Feedback) -> None:
        """Store feedback, or add what is known of it: once sent stays sent, and the first time read counts."""


class RecentFeedback(Protocol):
    """Feedback of the last hour, before the table has it; it never fails: what Redis does not tell is not known."""

    def remember(self, feedback: Feedback) -> None:
        """Keep feedback as it is known now."""

    def recall(self, feedback_id: str) -> Feedback | None:
        """Return feedback as it was last known."""


class LiveChannels(TakenPushes, Protocol):
    """Pushes to a user's open channels that are confirmed; none of it fails, an unknown outcome is no confirmation."""

    def push(self, user_id: str, event: Event, *, token: str) -> bool:
        """Push, and tell whether a gateway that holds a channel of the user confirmed in time (30 ms)."""
