"""The rules of reading a room: the table and the recent history as one list, and what was missed."""

from collections.abc import Callable

from shared.domains.messages.contract import ListMessages, MessageItem, Resumed, ResumeRoom, Resync
from shared.domains.messages.errors import MessageNotFound
from shared.domains.messages.models import Message, Recent
from shared.domains.messages.ports import MessageReader, RoomLog
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

RECENT = 200
Sign = Callable[[str], str]


def resume(
    command: ResumeRoom, room_id: str, *, log: RoomLog, messages: MessageReader
) -> tuple[list[Message], Resumed | Resync]:
    """Return what was missed, oldest first, and the closing answer; a gap that cannot be filled is never silent."""
    head = log.head(room_id) or log.restore(room_id, above=messages.highest(room_id))
    resync = Resync(request_id=command.request_id, last_seq=head.last_seq, epoch=head.epoch)
    if command.epoch not in (None, head.epoch) or command.last_seq > head.last_seq:
        return [], resync
    missed = log.since(room_id, command.last_seq)
    if missed is None:
        return [], resync
    last = missed[-1].seq if missed else head.last_seq
    return missed, Resumed(request_id=command.request_id, last_seq=last, epoch=head.epoch)


def list_messages(
    command: ListMessages,
    room_id: str,
    *,
    position: Position | None,
    log: RoomLog,
    messages: MessageReader,
    sign: Sign,
) -> Page[MessageItem]:
    """Return a room's messages, newest first: the recent ones from the log, older ones from the table.

    An acknowledged message is there at once; while the log does not answer, what the table has is shown.
    """
    before = position["before"] if position else None
    found = _merged(room_id, before, command.limit + 1, log=log, messages=messages)
    items = [MessageItem.of(one, sign(one.key) if one.key else None) for one in found[: command.limit]]
    more = len(found) > command.limit
    return Page(items, {"before": items[-1].created_at} if more else None)


def _merged(room_id: str, before: str | None, limit: int, *, log: RoomLog, messages: MessageReader) -> list[Message]:
    recent = _recent(room_id, before, limit, log=log)
    if recent.reaches and len(recent.messages) >= limit:
        return recent.messages[:limit]
    stored = messages.before(room_id, before, limit=limit).items
    by_id = {one.message_id: one for one in (*recent.messages, *stored)}
    return sorted(by_id.values(), key=lambda one: one.created_at, reverse=True)[:limit]


def _recent(room_id: str, before: str | None, limit: int, *, log: RoomLog) -> Recent:
    try:
        return log.newest(room_id, before=before, limit=limit)
    except Unavailable:
        return Recent([], reaches=False)


def find_message(message_id: str, room_id: str, *, log: RoomLog, messages: MessageReader) -> Message:
    """Return a message of a room, one that was said just now too.

    Raises:
        MessageNotFound: there is none of that id in that room.
    """
    recent = _recent(room_id, None, RECENT, log=log).messages
    found = next((one for one in recent if one.message_id == message_id), None)
    found = found or messages.find(message_id, room_id)
    if found is None:
        raise MessageNotFound
    return found
