"""What the journal knows of one queue, so that a change costs what changed and not the length of the queue."""

from collections.abc import Iterable
from typing import Any

from embedded.aws.encoding import encode
from embedded.aws.journal import Journal

Message = dict[str, Any]

# What a receive or a change of visibility alters; the rest of a message (its body) is written once.
_DELIVERY = ("visible_at", "receive_count", "receipt_handle", "first_receive_at")


class QueueMirror:
    """The messages of one queue as journalled, by id and by receipt."""

    def __init__(self, arn: str, journal: Journal) -> None:
        self.arn = arn
        self._journal = journal
        self._messages: dict[str, Message] = {}
        self._receipts: dict[str, str] = {}

    def adopt(self, message: Message) -> None:
        """Take over a message that the journal already holds."""
        self._messages[message["id"]] = message
        if message["receipt_handle"]:
            self._receipts[message["receipt_handle"]] = message["id"]

    def add_tail(self, queue: dict[str, Any], position: Iterable[int]) -> list[Message]:
        """Journal the messages at the end that are not yet known, in order, and return them.

        Every producer in ministack appends, so the walk from the end stops at the first known message.
        """
        fresh: list[Message] = []
        for message in reversed(queue["messages"]):
            if message["id"] in self._messages:
                break
            fresh.append(message)
        fresh.reverse()
        for message, number in zip(fresh, position, strict=False):
            self._add(message, number)
        return fresh

    def delivered(self, message: Message) -> None:
        """Journal that a message was received or its visibility changed."""
        self.adopt(message)
        self._journal.record(
            "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?)", (self.arn, message["id"], _delivery(message))
        )

    def by_receipt(self, receipt: str) -> Message | None:
        """Return the message that a receipt handle names, if it is still here."""
        identity = self._receipts.get(receipt)
        return self._messages.get(identity) if identity else None

    def remove(self, message: Message) -> None:
        """Journal that a message has left the queue; a message that is unknown here changes nothing."""
        known = self._messages.pop(message["id"], None)
        if known is None:
            return
        self._receipts.pop(known["receipt_handle"] or "", None)
        for table in ("message", "delivery"):
            self._journal.record(f"DELETE FROM {table} WHERE queue = ? AND id = ?", (self.arn, known["id"]))

    def keep_only(self, queue: dict[str, Any]) -> None:
        """Remove whatever the queue no longer holds; costs the length of the queue, for expiry only."""
        held = {message["id"] for message in queue["messages"]}
        for message in [m for m in self._messages.values() if m["id"] not in held]:
            self.remove(message)

    def clear(self) -> None:
        """Journal that the queue is empty, and forget its deduplication."""
        self._messages.clear()
        self._receipts.clear()
        for table in ("message", "delivery", "deduplication"):
            self._journal.record(f"DELETE FROM {table} WHERE queue = ?", (self.arn,))

    def _add(self, message: Message, position: int) -> None:
        content = encode({name: value for name, value in message.items() if name not in _DELIVERY})
        self._journal.record(
            "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?)", (self.arn, message["id"], position, content)
        )
        self.delivered(message)


def _delivery(message: Message) -> str:
    return encode({name: message.get(name) for name in _DELIVERY})
