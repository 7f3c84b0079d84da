"""What is stored of notifications."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.kernel.contract import Contract


class NotificationType(StrEnum):
    """What happened; of a request to a tutor, `data.status` says how it stands."""

    TUTOR_MATCH = "tutor_match"
    SECURITY = "security"
    RECORDINGS = "recordings"

    @classmethod
    def _missing_(cls, value: object) -> "NotificationType | None":
        """Read what release 0.1.0 stored and queued, when each outcome had a type of its own."""
        return cls.TUTOR_MATCH if value in ("tutor_match_approved", "tutor_match_rejected") else None


PAGED = frozenset(NotificationType) - {NotificationType.RECORDINGS}
"""What is worth reaching somebody outside of the platform for."""


MOST_COUNTED = 100
"""Unread notifications are counted so far and no further: it stands for as many and for more, at the same cost."""


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
