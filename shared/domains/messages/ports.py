"""What messages need from outside."""

from collections.abc import Callable
from typing import Protocol

from shared.domains.messages.models import Draft, Head, Highest, Message, Posted, Recent, Unsettled
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page
from shared.kernel.ports import Epochs, Leaving


class RoomLog(Epochs, Protocol):
    """The live sequence of each room: its order, its recent history, and what is not safe yet.

    Every method raises Unavailable where it does not answer in time.
    """

    def post(self, draft: Draft, *, is_verified: bool) -> Posted | Unsettled:
        """Give a message its place, remember it and show it to the room, all in one step.

        The same message id within 24 h gets the place that it has. UNVERIFIED asks the caller to look in the table
        first, since this log lost its memory less than 24 h ago; NO_EPOCH says that it has just lost it.
        """

    def restore(self, room_id: str, *, above: Highest) -> Head:
        """Open a new epoch above what is stored where there is none, and tell the room to resync."""

    def remember(self, message: Message) -> None:
        """Keep the place of a message that the table knows, as if it had been posted here."""

    def head(self, room_id: str) -> Head | None:
        """Return the end of a room's sequence; None where there is none, or no more."""

    def heads(self, room_ids: list[str]) -> dict[str, Head]:
        """Return the ends of several rooms' sequences, of those that have one."""

    def since(self, room_id: str, seq: int) -> list[Message] | None:
        """Return what came after a sequence number, oldest first; None where it is not remembered whole."""

    def newest(self, room_id: str, *, before: str | None, limit: int) -> Recent:
        """Return the newest messages, those before a creation time where one is given."""

    def mark_queued(self, messages: list[Message]) -> None:
        """Note that the queue has these safely."""

    def mark_stored(self, messages: list[Message]) -> None:
        """Note that the table has these, so that they may leave the recent history."""

    def unqueued(self, *, older_than_seconds: float, limit: int) -> list[Message]:
        """Return what was shown so long ago and never noted as queued."""


Told = Callable[[Posted | Unsettled | Unavailable | None], None]
ToldOfPush = Callable[[int | Unavailable | None], None]


class LiveLog(RoomLog, Protocol):
    """A RoomLog that can also be asked on an event loop, which must not wait."""

    def post_soon(self, draft: Draft, *, is_verified: bool, told: Told) -> bool:
        """Do as `post` does without waiting; tell whether it will be done at all, else call `post`.

        `told` is called once and must not block: with what `post` returns, with the Unavailable that it raises, or
        with None where it would fail otherwise; calling `post` with the same draft is right then, and after Unsettled.
        """

    def push_soon(self, room_id: str, payload: bytes, *, except_user: str, told: ToldOfPush) -> bool:
        """Push JSON to a room's connections but one user's, behind whatever was given before, without waiting.

        Nothing is kept. Tell whether it will be done at all. `told` is called once and must not block: with the number
        of processes that heard it, with Unavailable where that is unknown, or with None where it was refused and
        publishing it otherwise would say why.
        """

    def mark_queued_soon(self, messages: list[Message]) -> None:
        """Do as `mark_queued` does without waiting for it, within a second; where that fails, it is logged."""


class MessageReader(Protocol):
    """Messages that the table has."""

    def before(self, room_id: str, created_at: str | None, *, limit: int) -> Page[Message]:
        """Return messages, newest first, those before a creation time where one is given."""

    def find(self, message_id: str, room_id: str) -> Message | None:
        """Return one message by its id."""

    def highest(self, room_id: str) -> Highest:
        """Return what the stored messages of a room reach."""


class MessageStore(MessageReader, Protocol):
    """Messages that the table has, and the writing of them."""

    def add_all(self, messages: list[Message]) -> None:
        """Write many; the same messages again change nothing."""

    def add_once(self, message: Message) -> None:
        """Write one unless its id was written before with another place."""

    def keep_voice_key(self, message_id: str, room_id: str, voice: str, key: str) -> bool:
        """Note on a stored message where a voice of it lies; tell whether it is stored."""


class Presence(Leaving, Protocol):
    """The users who are connected to each room, over all gateways."""

    def enter(self, room_id: str, user_id: str, connection_id: str) -> list[str] | None:
        """Note a connection; return the users present where that changed."""

    def present(self, room_id: str) -> list[str]:
        """Return the users present."""
