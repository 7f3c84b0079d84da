"""What clients say and are told in a room, and the jobs behind it."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.domains.messages.models import Message, MessageType
from shared.kernel.bounds import Size, Whole
from shared.kernel.characters import is_visible
from shared.kernel.contract import Command, Contract, Event, Job
from shared.kernel.queues import Queue, RetryPolicy, WhenDead

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Content = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
MESSAGES_PER_JOB = 100
BYTES_PER_JOB = 48_000


class PostMessage(Command):
    """Say something in the room; the same requestId within 24 h says it once."""

    action: Literal["sendMessage"]
    request_id: RequestId | None = None
    room_id: str
    content: Content
    message_type: Literal[MessageType.TEXT, MessageType.IMAGE, MessageType.VOICE] = MessageType.TEXT
    key: Annotated[str, StringConstraints(min_length=1, max_length=512)] | None = None

    @model_validator(mode="after")
    def _speaks(self) -> Self:
        if not is_visible(self.content):
            raise ValueError("content is blank")
        if (self.key is None) != (self.message_type is MessageType.TEXT):
            raise ValueError("key goes with IMAGE and VOICE, and only with them")
        return self


class ShowTyping(Command):
    """Tell the others that one is typing, or no more."""

    action: Literal["typing"]
    request_id: RequestId | None = None
    is_typing: bool


class ShowPresence(Command):
    """Ask who is here."""

    action: Literal["presence"]
    request_id: RequestId | None = None


class ResumeRoom(Command):
    """Ask for what was missed since a sequence number."""

    action: Literal["resume"]
    request_id: RequestId | None = None
    last_seq: Whole
    epoch: str | None = None


class Ping(Command):
    """Ask whether the gateway is there."""

    action: Literal["ping"]
    request_id: RequestId | None = None


class ListMessages(Command):
    """List a room's messages, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class RequestUpload(Command):
    """Ask where to put an image or a recording."""

    message_type: Literal[MessageType.IMAGE, MessageType.VOICE]
    content_type: str
    size: Size


class MessageItem(Event):
    """A message as pushed and as listed."""

    type: Literal["message"] = "message"
    message_id: str
    room_id: str
    user_id: str
    content: str
    message_type: MessageType
    key: str | None = None
    created_at: str
    seq: int
    url: str | None = None

    @classmethod
    def of(cls, message: Message, url: str | None = None) -> Self:
        """Return what members see of a message."""
        return cls(**message.model_dump(exclude={"epoch"}), url=url)


class MessageAck(Contract):
    """Tells a sender that the message is safely queued for persistence."""

    action: Literal["messageAck"] = "messageAck"
    request_id: str
    message_id: str
    seq: int
    created_at: str


class Resumed(Contract):
    """All that was missed has been pushed."""

    action: Literal["resumed"] = "resumed"
    request_id: str | None = None
    last_seq: int
    epoch: str


class Resync(Contract):
    """The gap cannot be filled from recent history: reload it."""

    action: Literal["resync"] = "resync"
    request_id: str | None = None
    last_seq: int
    epoch: str


class PresenceList(Contract):
    """The users who are connected to the room."""

    action: Literal["presence"] = "presence"
    request_id: str | None = None
    members: list[str]


class Pong(Contract):
    """The gateway is there."""

    action: Literal["pong"] = "pong"
    request_id: str | None = None


class RoomResynced(Event):
    """The room's sequence began anew: reload the history."""

    type: Literal["resync"] = "resync"
    last_seq: int
    epoch: str


class TypingShown(Event):
    """Somebody is typing, or no more."""

    type: Literal["typing"] = "typing"
    user_id: str
    is_typing: bool


class PresenceChanged(Event):
    """Somebody came or went."""

    type: Literal["presence"] = "presence"
    members: list[str]


class StoreMessages(Job):
    """Store what was said; storing it again changes nothing."""

    name: ClassVar[str] = "messages.store_messages"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=2.0, longest_delay=30.0)
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    messages: list[Message] = Field(min_length=1)


class KeepVoiceKey(Job):
    """Note on a stored message where it is heard; again changes nothing."""

    name: ClassVar[str] = "messages.keep_voice_key"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=2.0, longest_delay=30.0)
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    room_id: str
    message_id: str
    voice: Literal["male", "female"]
    key: str


class SweepUnqueued(Job):
    """Queue what was shown and never queued; beat asks for it."""

    name: ClassVar[str] = "messages.sweep_unqueued"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


Wire = dict[str, Any]
