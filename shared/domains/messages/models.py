"""What is stored and told of messages."""

from enum import StrEnum
from typing import NamedTuple

from shared.kernel.contract import Contract

PARTNER_ID = "ai"
"""The userId of what the AI partner says."""


class MessageType(StrEnum):
    """What a message is; only the system makes AI_RESPONSE."""

    TEXT = "TEXT"
    IMAGE = "IMAGE"
    VOICE = "VOICE"
    AI_RESPONSE = "AI_RESPONSE"


class Message(Contract):
    """One message of a room, in the order of `seq` within its epoch and of `created_at` over all epochs."""

    message_id: str
    room_id: str
    user_id: str
    content: str
    message_type: MessageType
    created_at: str
    seq: int
    epoch: str
    key: str | None = None


class Draft(NamedTuple):
    """A message that has no place in its room's order yet."""

    message_id: str
    room_id: str
    user_id: str
    content: str
    message_type: MessageType
    key: str | None
    url: str | None


class Posted(NamedTuple):
    """A message with its place, and whether it still has to be queued for persistence."""

    message: Message
    is_queued: bool


class Head(NamedTuple):
    """The end of a room's sequence; `lost_at` (epoch milliseconds) where Redis lost an earlier one."""

    epoch: str
    last_seq: int
    lost_at: int | None


class Highest(NamedTuple):
    """What the stored messages of a room reach: sequence number (0 where none is stored) and creation time."""

    seq: int
    created_at: str | None


class Unsettled(StrEnum):
    """Why a message cannot be given its place yet."""

    NO_EPOCH = "no_epoch"
    UNVERIFIED = "unverified"


class Recent(NamedTuple):
    """The newest of a room's messages, newest first; `reaches` tells whether nothing is missing between them."""

    messages: list[Message]
    reaches: bool


class Author(NamedTuple):
    """A member who speaks, and in which room."""

    user_id: str
    room_id: str
