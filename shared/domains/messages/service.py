"""The rules of messages: one order for everybody, shown at once, stored once."""

from collections.abc import Callable
from typing import NamedTuple

from shared.domains.messages.contract import (
    KeepVoiceKey,
    ListMessages,
    MessageItem,
    PostMessage,
    RequestUpload,
    Resumed,
    ResumeRoom,
    Resync,
    StoreMessages,
    SweepUnqueued,
)
from shared.domains.messages.errors import ForeignKey, MessageNotFound, NotStoredYet, OtherRoom, StillSettling
from shared.domains.messages.models import PARTNER_ID, Draft, Head, Message, MessageType, Posted, Unsettled
from shared.domains.messages.ports import MessageReader, MessageStore, Recent, RoomActivity, RoomLog
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.times import microseconds
from shared.kernel.uploads import AUDIO_TYPES, IMAGE_TYPES, UPLOAD_LIMIT, UploadOffer, UploadSigner, extension_of
from shared.kernel.uuids import named_uuid

DEDUPLICATION_MS = 24 * 3_600_000
SETTLING_MS = 2_000
UPLOAD_TYPES = {MessageType.IMAGE: IMAGE_TYPES, MessageType.VOICE: AUDIO_TYPES}
_POLL_SECONDS = 0.1
_TRIES = 6
SWEEP_LIMIT = 1_000
RECENT = 200
LONGEST_CONTENT = 4_000

Sign = Callable[[str], str]


class Author(NamedTuple):
    """Who speaks, and in which room."""

    user_id: str
    room_id: str


def message_id_of(request_id: str | None, author: Author, fresh: str) -> str:
    """Return the id of a message: from room, author and requestId, so that sent twice it is the same; else fresh."""
    if request_id is None:
        return fresh
    return named_uuid(f"{author.room_id}\n{author.user_id}\n{request_id}")


def text_draft(content: str, request_id: str | None, author: Author, *, fresh_id: str) -> Draft:
    """Return the draft of plain words that are known to keep PostMessage's rules: what `post_message` would place."""
    message_id = message_id_of(request_id, author, fresh_id)
    return Draft(message_id, author.room_id, author.user_id, content, MessageType.TEXT, None, None)


def upload_prefix(room_id: str, user_id: str) -> str:
    """Return where a member's uploads for a room lie."""
    return f"uploads/{room_id}/{user_id}/"


def offer_upload(command: RequestUpload, author: Author, *, fresh_id: str, uploads: UploadSigner) -> UploadOffer:
    """Offer a presigned POST, bound to its type and size, for an image or a recording of a room.

    Raises:
        UnsupportedMediaType: the type is not taken for that kind of message.
        PayloadTooLarge: more than 10 MiB.
    """
    extension = extension_of(command.content_type, command.size, UPLOAD_TYPES[command.message_type])
    key = f"{upload_prefix(author.room_id, author.user_id)}{fresh_id}.{extension}"
    return uploads.offer(key, command.content_type, UPLOAD_LIMIT)


def _is_offered(key: str, message_type: MessageType, author: Author) -> bool:
    """Tell whether `offer_upload` could have named this key to this author, for this kind of message."""
    prefix, _, file = key.rpartition("/")
    name, _, extension = file.rpartition(".")
    is_theirs = f"{prefix}/" == upload_prefix(author.room_id, author.user_id)
    return is_theirs and bool(name) and extension in UPLOAD_TYPES[message_type].values()


def post_message(
    command: PostMessage,
    author: Author,
    *,
    fresh_id: str,
    log: RoomLog,
    messages: MessageReader,
    sign: Sign,
    clock: Clock,
) -> Posted:
    """Give a message its place in the room and show it to everybody, once however often it is sent.

    The caller then queues it for persistence, unless that was done before, and acknowledges it after that.

    Raises:
        OtherRoom: the frame names a room that is not the connection's.
        ForeignKey: the upload's key was not issued to this author for this room.
        Unavailable: the room's log did not answer; sending again with the same requestId is safe.
    """
    if command.room_id != author.room_id:
        raise OtherRoom
    if command.key is not None and not _is_offered(command.key, command.message_type, author):
        raise ForeignKey
    draft = Draft(
        message_id=message_id_of(command.request_id, author, fresh_id),
        room_id=author.room_id,
        user_id=author.user_id,
        content=command.content,
        message_type=command.message_type,
        key=command.key,
        url=sign(command.key) if command.key else None,
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
    return head is not None and head.lost_at is not None and _milliseconds(clock) - head.lost_at < SETTLING_MS


def _milliseconds(clock: Clock) -> int:
    return microseconds(clock.now()) // 1000


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


def keep_voice_key(job: KeepVoiceKey, *, messages: MessageStore) -> None:
    """Note on a message where it is heard.

    Raises:
        NotStoredYet: the message is still on its way; another run finds it.
    """
    if not messages.keep_voice_key(job.message_id, job.room_id, job.voice, job.key):
        raise NotStoredYet


def store_messages(
    job: StoreMessages, *, messages: MessageStore, log: RoomLog, rooms: RoomActivity, clock: Clock
) -> None:
    """Store what was said, once however often the job comes, and let the log forget it.

    Messages of an epoch that is not the room's, or that began because memory was lost less than 24 h ago, may have
    been posted twice with two places: they go one by one, the first place stored wins.
    """
    heads = _heads(sorted({one.room_id for one in job.messages}), log=log)
    doubtful = [one for one in job.messages if _is_doubtful(one, heads.get(one.room_id), clock)]
    certain = [one for one in job.messages if one not in doubtful]
    messages.add_all(certain)
    for one in doubtful:
        messages.add_once(one)
    for room_id in {one.room_id for one in job.messages}:
        rooms.spoken(room_id, max(one.created_at for one in job.messages if one.room_id == room_id))
    log.mark_stored(job.messages)


def _heads(room_ids: list[str], *, log: RoomLog) -> dict[str, Head]:
    try:
        return log.heads(room_ids)
    except Unavailable:
        return {}


def _is_doubtful(message: Message, head: Head | None, clock: Clock) -> bool:
    if head is None or head.epoch != message.epoch:
        return True
    return head.lost_at is not None and _milliseconds(clock) - head.lost_at < DEDUPLICATION_MS


def sweep_unqueued(
    _job: SweepUnqueued, *, log: RoomLog, jobs: JobQueue, older_than_seconds: float, per_job: int
) -> int:
    """Queue what was shown and never queued (its gateway died between the two), and return how many.

    Queuing one twice is harmless: it is stored once.
    """
    found = log.unqueued(older_than_seconds=older_than_seconds, limit=SWEEP_LIMIT)
    for start in range(0, len(found), per_job):
        part = found[start : start + per_job]
        jobs.enqueue(StoreMessages(messages=part))
        log.mark_queued(part)
    return len(found)
