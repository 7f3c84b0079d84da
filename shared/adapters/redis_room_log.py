"""The live sequence of rooms in Redis: order, recent history, and the marks of what is not safe yet.

Keys of a room share the hash tag {room id}; the marks of what is not queued are one sorted set for all rooms,
so that the sweep finds them: this needs one Redis (with replicas), not a Redis Cluster.
"""

import secrets
from functools import partial
from typing import Any

import orjson
from redis.exceptions import NoScriptError

from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.adapters.redis_relay import RedisRelay
from shared.domains.messages.contract import MessageItem
from shared.domains.messages.models import Draft, Head, Highest, Message, Posted, Recent, Unsettled
from shared.domains.messages.ports import Told, ToldOfPush
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock
from shared.kernel.times import instant, microseconds, milliseconds, timestamp
from shared.kernel.topics import room_topic
from shared.kernel.wire import pack_push

REMEMBER_IDS_SECONDS = 86_400
KEEP_RECENT = 200
KEEP_IDLE_ROOM_SECONDS = 30 * 86_400
UNQUEUED = "messages:unqueued"

log = get_log()

_POST = Script("post_message")
_OPEN = Script("open_epoch")


def _head_key(room_id: str) -> str:
    return f"room:{{{room_id}}}:head"


def recent_key(room_id: str) -> str:
    """Return the key of a room's recent history."""
    return f"room:{{{room_id}}}:recent"


def _unstored_key(room_id: str) -> str:
    return f"room:{{{room_id}}}:unstored"


def _place_key(room_id: str, message_id: str) -> str:
    return f"room:{{{room_id}}}:place:{message_id}"


def _mark(message: Message) -> str:
    return f"{message.room_id}|{message.message_id}|{message.seq}"


def _queued(messages: list[Message]) -> tuple[str, ...]:
    """Return the command that takes the marks of what is not queued off these."""
    return ("ZREM", UNQUEUED, *map(_mark, messages))


class RedisRoomLog:
    """The port RoomLog: one scripted round trip a message."""

    def __init__(self, redis: GroupedRedis, clock: Clock) -> None:
        """Use grouped commands, and a clock for creation times."""
        self._redis = redis
        self._clock = clock
        self._relay = RedisRelay(redis.client)

    def begin(self, room_id: str) -> None:
        """Open the first epoch of a new room; again changes nothing."""
        self._open(room_id, Highest(0, None), lost_at="")

    def restore(self, room_id: str, *, above: Highest) -> Head:
        """Open a new epoch above what is stored where there is none, and tell the room to resync."""
        return self._open(room_id, above, lost_at=str(milliseconds(self._clock.now())))

    def start(self) -> None:
        """Begin to take messages by `post_soon`; call it after the fork."""
        self._relay.start()

    def post(self, draft: Draft, *, is_verified: bool) -> Posted | Unsettled:
        """Give a message its place, remember it and show it, or say why not yet."""
        return _outcome(draft, self._redis.run(_POST, *self._asked(draft, is_verified=is_verified)))

    def post_soon(self, draft: Draft, *, is_verified: bool, told: Told) -> bool:
        """Do the same without waiting; see LiveLog."""
        if not self._relay.is_running:
            return False
        keys, arguments = self._asked(draft, is_verified=is_verified)
        asked = (len(keys), *keys, *arguments)
        self._relay.submit(("EVALSHA", _POST.digest, *asked), partial(self._answered, draft, told, asked))
        return True

    def _answered(self, draft: Draft, told: Told, asked: tuple[Any, ...], reply: Any) -> None:
        if isinstance(reply, list):
            told(_outcome(draft, reply))
        elif isinstance(reply, NoScriptError):
            self._relay.submit(("EVAL", _POST.text, *asked), partial(self._answered, draft, told, asked))
        else:
            # What Redis refuses otherwise is for `post` to raise.
            told(reply if isinstance(reply, Unavailable) else None)

    def push_soon(self, room_id: str, payload: bytes, *, except_user: str, told: ToldOfPush) -> bool:
        """Push JSON to a room's connections but one user's without waiting; see LiveLog."""
        if not self._relay.is_running:
            return False

        def answered(reply: Any) -> None:
            told(reply if isinstance(reply, int | Unavailable) else None)

        self._relay.submit(("PUBLISH", room_topic(room_id), pack_push(payload, except_user)), answered)
        return True

    def _asked(self, draft: Draft, *, is_verified: bool) -> tuple[list[str], list[Any]]:
        """Return the script's keys and arguments."""
        room_id, message_id = draft.room_id, draft.message_id
        keys = [
            _head_key(room_id),
            recent_key(room_id),
            _unstored_key(room_id),
            _place_key(room_id, message_id),
            UNQUEUED,
        ]
        now = self._clock.now()
        arguments = [
            microseconds(now),
            room_id,
            message_id,
            _text(draft),
            b',"url":' + orjson.dumps(draft.url) if draft.url else "",
            "1" if is_verified else "0",
            room_topic(room_id),
            REMEMBER_IDS_SECONDS,
            KEEP_RECENT,
            KEEP_IDLE_ROOM_SECONDS,
            timestamp(now),
        ]
        return keys, arguments

    def remember(self, message: Message) -> None:
        """Keep the place of a message that the table knows."""
        place = f"{message.epoch} {message.seq} {message.created_at}"
        key = _place_key(message.room_id, message.message_id)
        self._redis.call("SET", key, place, "EX", REMEMBER_IDS_SECONDS)

    def head(self, room_id: str) -> Head | None:
        """Return the end of a room's sequence; None where there is none."""
        return self.heads([room_id]).get(room_id)

    def heads(self, room_ids: list[str]) -> dict[str, Head]:
        """Return the ends of several rooms' sequences in one round trip."""
        if not room_ids:
            return {}
        replies = self._redis.calls([("HMGET", _head_key(one), "epoch", "seq", "lost_at") for one in room_ids])
        return {one: _head(reply) for one, reply in zip(room_ids, replies, strict=True) if reply[0]}

    def since(self, room_id: str, seq: int) -> list[Message] | None:
        """Return what came after a sequence number, oldest first; None where it is not remembered whole."""
        texts, head = self._redis.calls(
            [("ZRANGEBYSCORE", recent_key(room_id), seq + 1, "+inf"), ("HMGET", _head_key(room_id), "epoch", "seq")]
        )
        if head[0] is None:
            return None
        missed = [_message(text, head[0].decode()) for text in texts]
        first = missed[0].seq if missed else int(head[1]) + 1
        return missed if first == seq + 1 else None

    def newest(self, room_id: str, *, before: str | None, limit: int) -> Recent:
        """Return the newest messages, those before a creation time where one is given."""
        texts, epoch = self._redis.calls(
            [("ZREVRANGE", recent_key(room_id), 0, -1 if before else limit - 1), ("HGET", _head_key(room_id), "epoch")]
        )
        if epoch is None:
            return Recent([], reaches=False)
        messages = [_message(text, epoch.decode()) for text in texts]
        found = [one for one in messages if before is None or one.created_at < before]
        return Recent(found[:limit], reaches=True)

    def mark_queued(self, messages: list[Message]) -> None:
        """Note that the queue has these safely."""
        if messages:
            self._redis.call(*_queued(messages))

    def mark_queued_soon(self, messages: list[Message]) -> None:
        """Do the same without waiting; see LiveLog."""
        if not self._relay.is_running:
            try:
                self.mark_queued(messages)
            except Unavailable as problem:
                _warned(problem)
        elif messages:
            self._relay.submit(_queued(messages), _warned, in_no_hurry=True)

    def mark_stored(self, messages: list[Message]) -> None:
        """Note that the table has these."""
        rooms: dict[str, list[str]] = {}
        for message in messages:
            rooms.setdefault(message.room_id, []).append(message.message_id)
        commands: list[tuple[Any, ...]] = [("ZREM", _unstored_key(one), *ids) for one, ids in rooms.items()]
        if commands:
            self._redis.calls([*commands, _queued(messages)])

    def unqueued(self, *, older_than_seconds: float, limit: int) -> list[Message]:
        """Return what was shown so long ago and never noted as queued; marks of what is gone are dropped."""
        latest = milliseconds(self._clock.now()) - int(older_than_seconds * 1000)
        marks = self._redis.call("ZRANGEBYSCORE", UNQUEUED, "-inf", latest, "LIMIT", 0, limit)
        found = self._marked([mark.decode() for mark in marks])
        gone = [mark for mark, message in found.items() if message is None]
        if gone:
            self._redis.call("ZREM", UNQUEUED, *gone)
        return [message for message in found.values() if message is not None]

    def _marked(self, marks: list[str]) -> dict[str, Message | None]:
        """Return the message of each mark in one round trip, None where it is gone or another has its number."""
        parts = [mark.rsplit("|", 2) for mark in marks]
        texts = self._redis.calls([("ZRANGEBYSCORE", recent_key(room), seq, seq) for room, _, seq in parts])
        heads = self.heads(sorted({room for room, _, _ in parts}))
        found: dict[str, Message | None] = dict.fromkeys(marks)
        for mark, (room_id, message_id, _), text in zip(marks, parts, texts, strict=True):
            message = _message(text[0], heads[room_id].epoch) if text and room_id in heads else None
            if message is not None and message.message_id == message_id:
                found[mark] = message
        return found

    def _open(self, room_id: str, above: Highest, *, lost_at: str) -> Head:
        last = microseconds(instant(above.created_at)) if above.created_at else 0
        keys = [_head_key(room_id), recent_key(room_id), _unstored_key(room_id)]
        arguments = [secrets.token_hex(8), above.seq, last, lost_at, room_topic(room_id), KEEP_IDLE_ROOM_SECONDS]
        return _head(self._redis.run(_OPEN, keys, arguments))


def _outcome(draft: Draft, reply: list[Any]) -> Posted | Unsettled:
    """Return what the script's reply says."""
    outcome, *rest = reply
    if outcome in (b"no_epoch", b"unverified"):
        return Unsettled(outcome.decode())
    epoch, seq, created_at = rest[0].decode().split(" ")
    if outcome == b"known" and rest[2]:
        return Posted(_message(rest[2], epoch), is_queued=rest[1] == b"1")
    # Known, queued, and no more in the recent history: its place is what the sender is told.
    return Posted(_placed(draft, epoch, int(seq), created_at), is_queued=outcome == b"known")


def _warned(reply: Any) -> None:
    if not isinstance(reply, int):
        # They are queued: the marks that stay are swept, and what is queued twice is stored once.
        log.warning("messages.not_marked", problem=str(reply))


def _head(reply: list[bytes | None]) -> Head:
    epoch, seq, lost_at = reply
    return Head((epoch or b"").decode(), int(seq or 0), int(lost_at) if lost_at else None)


def _text(draft: Draft) -> bytes:
    """Return the message as JSON without its closing brace; the script adds its place."""
    fields = {
        "type": "message",
        "messageId": draft.message_id,
        "roomId": draft.room_id,
        "userId": draft.user_id,
        "content": draft.content,
        "messageType": draft.message_type,
    }
    return orjson.dumps(fields | ({"key": draft.key} if draft.key else {}))[:-1]


def _placed(draft: Draft, epoch: str, seq: int, created_at: str) -> Message:
    return Message(
        message_id=draft.message_id,
        room_id=draft.room_id,
        user_id=draft.user_id,
        content=draft.content,
        message_type=draft.message_type,
        key=draft.key,
        created_at=created_at,
        seq=seq,
        epoch=epoch,
    )


def _message(text: bytes, epoch: str) -> Message:
    item = MessageItem.model_validate_json(text)
    return Message(**item.model_dump(exclude={"type", "url"}), epoch=epoch)
