"""What is stored of feedback; its items keep snake_case names on the wire, as their clients do."""

from enum import StrEnum
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from shared.kernel.bounds import Seconds, Whole
from shared.kernel.contract import Contract


class FeedbackType(StrEnum):
    """What the feedback is: words, a recording, or a sentence to be said again."""

    TEXT = "text"
    AUDIO = "audio"
    SAY_AGAIN = "say_again"


class FeedbackKind(StrEnum):
    """How it is meant."""

    TIP = "tip"
    PRAISE = "praise"
    CORRECTION = "correction"


class Anchor(Contract):
    """What the feedback is about: a message or a result, letters `from` to `to` of it, or a second of a recording."""

    message_id: str | None = Field(None, min_length=1, max_length=128)
    result_id: str | None = Field(None, min_length=1, max_length=128)
    from_: Whole | None = Field(None, alias="from")
    to: Whole | None = None
    second: Seconds | None = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError("to lies before from")
        return self


class Feedback(Contract):
    """One piece of feedback; `websocket_sent` tells whether a live channel of the student took it."""

    model_config = ConfigDict(alias_generator=None)

    feedback_id: str
    tutor_email: str
    tutor_id: str
    student_email: str
    student_id: str
    message: str
    message_type: FeedbackType
    kind: FeedbackKind | None = None
    session_id: str | None = None
    audio_url: str | None = None
    anchor: Anchor | None = None
    timestamp: str
    websocket_sent: bool = False
    read_at: str | None = None
