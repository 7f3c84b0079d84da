"""What tutors say and students are told, and the job that keeps it."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from shared.domains.feedback.models import Anchor, Feedback, FeedbackKind, FeedbackType
from shared.kernel.characters import VisibleText
from shared.kernel.contract import Command, Contract, Event, Job
from shared.kernel.emails import Email
from shared.kernel.queues import Queue, RetryPolicy, WhenDead

_INSIDE = frozenset({"tutor_id", "student_id"})


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class SendFeedback(Command):
    """Tell a student something."""

    student_email: Email
    message: Annotated[VisibleText, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    message_type: Annotated[FeedbackType, BeforeValidator(_lower)]
    kind: Annotated[FeedbackKind, BeforeValidator(_lower)] | None = None
    session_id: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    audio_url: Annotated[str, StringConstraints(min_length=1, max_length=2048)] | None = None
    anchor: Anchor | None = None


class ListFeedback(Command):
    """List what was said between the caller and somebody, newest first."""

    with_: Email = Field(alias="with")
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class FeedbackSent(Contract):
    """What a tutor is answered at once; the id in the spelling of feedback, and the rest in that of answers."""

    feedback_id: str = Field(alias="feedback_id")
    websocket_sent: bool


class FeedbackNoted(Contract):
    """Which feedback was noted as read."""

    feedback_id: str = Field(alias="feedback_id")


class FeedbackItem(Contract):
    """Feedback in the history, as both sides see it."""

    model_config = ConfigDict(alias_generator=None)

    feedback_id: str
    tutor_email: str
    student_email: str
    message: str
    message_type: FeedbackType
    kind: FeedbackKind | None = None
    session_id: str | None = None
    audio_url: str | None = None
    anchor: Anchor | None = None
    timestamp: str
    websocket_sent: bool
    read_at: str | None = None

    @classmethod
    def of(cls, one: Feedback) -> Self:
        """Return what both sides see of feedback."""
        return cls(**one.model_dump(exclude=set(_INSIDE)))


class FeedbackPushed(Event):
    """Feedback as the student's channels get it; the tutor's e-mail comes in both spellings that clients know."""

    model_config = ConfigDict(alias_generator=None)

    written_when_null: ClassVar[frozenset[str]] = frozenset({"session_id", "audio_url"})

    type: Literal["feedback"] = "feedback"
    feedback_id: str
    tutor_email: str
    tutor_email_again: str = Field(alias="tutorEmail")
    student_email: str
    message: str
    message_type: FeedbackType
    session_id: str | None
    timestamp: str
    audio_url: str | None
    kind: FeedbackKind | None = None
    anchor: Anchor | None = None

    @classmethod
    def of(cls, one: Feedback) -> Self:
        """Return the push."""
        fields = one.model_dump(exclude=set(_INSIDE) | {"websocket_sent", "read_at"})
        return cls(**fields, tutor_email_again=one.tutor_email)


class FeedbackRead(Event):
    """The student has read it."""

    model_config = ConfigDict(alias_generator=None)

    type: Literal["feedback_read"] = "feedback_read"
    feedback_id: str
    student_email: str
    read_at: str


class StoreFeedback(Job):
    """Keep feedback, or what became known of it since: that a channel took it, that it was read.

    Whatever order these come in and however often, the stored item is the same in the end.
    """

    name: ClassVar[str] = "feedback.store_feedback"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=30.0)
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    feedback: list[Feedback] = Field(min_length=1)
