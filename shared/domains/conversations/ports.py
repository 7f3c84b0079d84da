"""What conversations need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable
from typing import Protocol

from shared.domains.conversations.models import Conversation, Report, Turn
from shared.kernel.pages import Page, Position
from shared.kernel.stores import History, Stored

MemberNames = Callable[[str], dict[str, str]]
"""Returns the names of a room's members by userId. Raises RoomNotFound where there is no such room (any more)."""


class ConversationStore(Stored[Conversation], History[Turn], Protocol):
    """Conversations, and the turns in them."""

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Conversation]:
        """Return a user's conversations, newest first."""

    def end(self, conversation_id: str, at: str) -> bool:
        """Take no more turns from now on; False where it had ended already."""

    def keep_report(self, conversation_id: str, report: Report) -> None:
        """Store the report."""

    def keep_summary(self, conversation_id: str, summary: str, *, summarized: int) -> bool:
        """Store a summary of more turns than the one that is there; tell whether it did."""
