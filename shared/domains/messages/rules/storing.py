"""The rules of storing messages: each once, and what was shown is never lost."""

from shared.domains.messages.contract import KeepVoiceKey, StoreMessages, SweepUnqueued
from shared.domains.messages.errors import NotStoredYet
from shared.domains.messages.models import Head, Message
from shared.domains.messages.ports import MessageStore, RoomLog
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock, JobQueue, Metrics, RoomActivity
from shared.kernel.times import instant, milliseconds

DEDUPLICATION_MS = 24 * 3_600_000
SWEEP_LIMIT = 1_000


def keep_voice_key(job: KeepVoiceKey, *, messages: MessageStore) -> None:
    """Note on a message where it is heard.

    Raises:
        NotStoredYet: the message is still on its way; another run finds it.
    """
    if not messages.keep_voice_key(job.message_id, job.room_id, job.voice, job.key):
        raise NotStoredYet


def store_messages(
    job: StoreMessages,
    *,
    messages: MessageStore,
    log: RoomLog,
    rooms: RoomActivity,
    clock: Clock,
    metrics: Metrics,
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
    now = clock.now()
    for one in job.messages:
        metrics.observe("message_stored_seconds", max(0.0, (now - instant(one.created_at)).total_seconds()))


def _heads(room_ids: list[str], *, log: RoomLog) -> dict[str, Head]:
    try:
        return log.heads(room_ids)
    except Unavailable:
        return {}


def _is_doubtful(message: Message, head: Head | None, clock: Clock) -> bool:
    if head is None or head.epoch != message.epoch:
        return True
    return head.lost_at is not None and milliseconds(clock.now()) - head.lost_at < DEDUPLICATION_MS


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
