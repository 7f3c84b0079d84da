"""What is stored of notifications."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.kernel.contract import Contract


class NotificationType(StrEnum):
    """What happened."""

    TUTOR_MATCH = "tutor_match"
    TUTOR_MATCH_APPROVED = "tutor_match_approved"
    TUTOR_MATCH_REJECTED = "tutor_match_rejected"
    SECURITY = "security"


PAGED = frozenset(NotificationType)
"""What is worth reaching somebody outside of the platform for."""


class Wording(Contract):
    """A sentence in the languages that the product speaks."""

    en: str
    ko: str

    def localized(self, language: str | None) -> str:
        """Return the sentence in that language, in English where it is unknown."""
        return self.ko if language == "ko" else self.en


class Notification(Contract):
    """One notification; both languages are kept, since the reader may change theirs.

    `language` is the reader's own when it was made, None where the account has none.
    """

    notification_id: str
    user_id: str
    type: NotificationType
    title: Wording
    message: Wording
    data: dict[str, Any] = Field(default_factory=dict)
    read: bool = False
    language: str | None = None
    created_at: str
