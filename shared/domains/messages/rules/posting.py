"""The rules of posting: one order for everybody, shown at once; what is sent twice is one message."""

from shared.domains.messages.contract import PostMessage, StoreMessages
from shared.domains.messages.errors import ForeignKey, OtherRoom, StillSettling
from shared.domains.messages.models import PARTNER_ID, Author, Draft, Head, Message, MessageType, Posted, Unsettled
from shared.domains.messages.ports import MessageReader, RoomLog
from shared.domains.messages.rules.reading import Sign
from shared.domains.messages.rules.uploading import Freeze, is_offered
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.times import milliseconds
from shared.kernel.uuids import named_uuid

SETTLING_MS = 2_000
_POLL_SECONDS = 0.1
_TRIES = 6
LONGEST_CONTENT = 4_000


def message_id_of(request_id: str | None, author: Author, fresh: str) -> str:
    """Return the id of a message: from room, author and requestId, so that sent twice it is the same; else fresh."""
    if request_id is None:
        return fresh
    return named_uuid(f"{author.room_id}\n{author.user_id}\n{request_id}")


def text_draft(content: str, request_id: str | None, author: Author, *, fresh_id: str) -> Draft:
    """Return the draft of plain words that are known to keep PostMessage's rules: what `post_message` would place."""
    message_id = message_id_of(request_id, author, fresh_id)
    return Draft(message_id, author.room_id, author.user_id, content, MessageType.TEXT, None, None)


def post_message(
    command: PostMessage,
    author: Author,
    *,
    fresh_id: str,
    log: RoomLog,
    messages: MessageReader,
    sign: Sign,
    freeze: Freeze,
    clock: Clock,
) -> Posted:
    """Give a message its place in the room and show it to everybody, once however often it is sent.

    The caller then queues it for persistence, unless that was done before, and acknowledges it after that.

    Raises:
        OtherRoom: the frame names a room that is not the connection's.
        Invalid: nothing lies at the upload's key, or it is not what it says.
        ForeignKey: the upload's key was not issued to this author for this room.
        Unavailable: the room's log did not answer; sending again with the same requestId is safe.
    """
    if command.room_id != author.room_id:
        raise OtherRoom
    if command.key is not None and not is_offered(command.key, command.message_type, author):
        raise ForeignKey
    key = freeze(command.key) if command.key is not None else None
    draft = Draft(
        message_id=message_id_of(command.request_id, author, fresh_id),
        room_id=author.room_id,
        user_id=author.user_id,
        content=command.content,
        message_type=command.message_type,
        key=key,
        url=sign(key) if key else None,
    )
    return place(draft, is_new=command.request_id is None, log=log, messages=messages, clock=clock)


def say_as_partner(
    room_id: str, content: str, *, message_id: str, log: RoomLog, messages: MessageReader, jobs: JobQueue, clock: Clock
) -> Posted:
    """Have the AI partner say something in a room and queue it for persistence; the same id says it once.

    The words of the first time count, and what was queued is not queued again. The caller knows that the room is there.

    Raises:
        Unavailable: the log or the queue did not answer; saying it again is safe.
    """
    draft = Draft(message_id, room_id, PARTNER_ID, content[:LONGEST_CONTENT], MessageType.AI_RESPONSE, None, None)
    posted = place(draft, is_new=False, log=log, messages=messages, clock=clock)
    if not posted.is_queued:
        jobs.enqueue(StoreMessages(messages=[posted.message]))
        log.mark_queued([posted.message])
    return posted


def place(draft: Draft, *, is_new: bool, log: RoomLog, messages: MessageReader, clock: Clock) -> Posted:
    """Give a draft its place, restoring the room's sequence where Redis lost its memory.

    Raises:
        StillSettling: the room's memory is lost again and again; trying again is safe.
    """
    is_verified = is_new
    for _ in range(_TRIES):
        outcome = log.post(draft, is_verified=is_verified)
        if isinstance(outcome, Posted):
            return outcome
        if outcome is Unsettled.NO_EPOCH:
            log.restore(draft.room_id, above=messages.highest(draft.room_id))
            continue
        known = _find_stored(draft, log=log, messages=messages, clock=clock)
        if known is not None:
            log.remember(known)
        is_verified = True
    raise StillSettling


def _find_stored(draft: Draft, *, log: RoomLog, messages: MessageReader, clock: Clock) -> Message | None:
    """Look for a message in the table, waiting out the moment in which its job may still be on the way."""
    while True:
        found = messages.find(draft.message_id, draft.room_id)
        if found is not None or not _is_settling(log.head(draft.room_id), clock):
            return found
        clock.sleep(_POLL_SECONDS)


def _is_settling(head: Head | None, clock: Clock) -> bool:
    return head is not None and head.lost_at is not None and milliseconds(clock.now()) - head.lost_at < SETTLING_MS
