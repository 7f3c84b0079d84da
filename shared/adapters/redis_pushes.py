"""What is pushed to users: kept for a while in a stream each, shown at once, and confirmed where that is asked for."""

import re
import time
from collections.abc import Callable
from typing import Any

import orjson

from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.domains.feedback.models import Feedback
from shared.domains.tutoring.models import Doing, Live
from shared.kernel.attendance import Attendance
from shared.kernel.contract import Event
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock
from shared.kernel.topics import Topic, user_topic
from shared.kernel.wire import confirmable_header, pack_push

KEPT_PUSHES = 500
KEEP_STREAM_SECONDS = 86_400
KEEP_TAKEN_SECONDS = 3_600
ATTEND_SECONDS = 45.0
KEEP_FEEDBACK_SECONDS = 3_600
KEEP_DOING_SECONDS = 86_400
CONFIRM_POLL_SECONDS = 0.02
CONFIRM_POLLS = 10

_PUSH = Script("push_user")
_EVENT_ID = re.compile(r"([0-9]{1,20})-([0-9]{1,20})")
_LARGEST_PART = 2**64 - 1
"""Of either half of an id: Redis refuses more."""

log = get_log()


def push_to_user(redis: GroupedRedis, topic: Topic, header: bytes, payload: bytes) -> int:
    """Keep a push in the user's stream, publish it, and return how many processes heard it; one round trip."""
    user_id = topic.removeprefix("user:")
    heard = redis.run(_PUSH, [_stream(user_id)], [topic, header, payload, KEPT_PUSHES, KEEP_STREAM_SECONDS])
    return int(heard)


class RedisEventStream:
    """The port EventStream; an id that is not in a user's stream any more is too old to go on from."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def latest(self, user_id: str) -> str:
        """Return the id of the newest push; a stream without one gets a mark, so that there is an id to go on from."""
        key = _stream(user_id)
        newest = self._redis.call("XREVRANGE", key, "+", "-", "COUNT", 1)
        if newest:
            return str(newest[0][0].decode())
        marked, _ = self._redis.calls([("XADD", key, "*", "mark", ""), ("EXPIRE", key, KEEP_STREAM_SECONDS)])
        return str(marked.decode())

    def is_known(self, user_id: str, event_id: str) -> bool:
        """Tell whether nothing after an id was forgotten."""
        found = _EVENT_ID.fullmatch(event_id)
        if found is None or max(map(int, found.groups())) > _LARGEST_PART:
            return False
        return bool(self._redis.call("XRANGE", _stream(user_id), event_id, event_id))

    def attend(self, user_id: str, listener: str) -> Attendance:
        """Note for 45 s that a listener is open, and count the others."""
        key, now = _listeners(user_id), time.time()
        *_, names = self._redis.calls(
            [
                ("ZREMRANGEBYSCORE", key, "-inf", now),
                ("ZADD", key, now + ATTEND_SECONDS, listener),
                ("EXPIRE", key, int(ATTEND_SECONDS)),
                ("ZRANGE", key, 0, -1),
            ]
        )
        return Attendance(sum(name.decode() > listener for name in names), len(names))

    def depart(self, user_id: str, listener: str) -> None:
        """Note that a listener is gone."""
        self._redis.call("ZREM", _listeners(user_id), listener)

    def since(self, user_id: str, event_id: str) -> list[tuple[str, bytes]]:
        """Return the pushes after an id, oldest first."""
        found = self._redis.call("XRANGE", _stream(user_id), f"({event_id}", "+")
        kept = [(place.decode(), _fields(entry).get(b"push")) for place, entry in found]
        return [(place, payload) for place, payload in kept if payload is not None]


class RedisConfirmations:
    """Pushes that ask for a confirmation, and the marks of those that a channel took."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def ask(self, user_id: str, event: Event, *, token: str, reply_to: str) -> int:
        """Push, ask who holds a channel to confirm, and return how many processes heard it."""
        header = confirmable_header(token, reply_to)
        heard = push_to_user(self._redis, user_topic(user_id), header, orjson.dumps(event.wire()))
        log.info("pushed", type=str(getattr(event, "type", type(event).__name__)))
        return heard

    def confirm(self, token: str, reply_to: str) -> None:
        """Say that a channel took a push: to the process that asked, and to later askers."""
        told = [("PUBLISH", reply_to, pack_push(token.encode(), None))] if reply_to else []
        self._redis.calls([("SET", _taken(token), "1", "EX", KEEP_TAKEN_SECONDS), *told])

    def note_taken(self, token: str) -> None:
        """Note that a channel took it otherwise."""
        _never_failing(lambda: self.confirm(token, ""), None)

    def was_taken(self, token: str) -> bool:
        """Tell whether a push was confirmed by now."""
        return bool(_never_failing(lambda: self._redis.call("EXISTS", _taken(token)), 0))


class PolledChannels:
    """The port LiveChannels for workers, which hear no bus: they look whether a push was confirmed."""

    def __init__(self, confirmations: RedisConfirmations, clock: Clock) -> None:
        """Ask and look by these."""
        self._confirmations = confirmations
        self._clock = clock
        self.was_taken = confirmations.was_taken
        self.note_taken = confirmations.note_taken

    def push(self, user_id: str, event: Event, *, token: str) -> bool:
        """Push, and tell whether it was confirmed within 0.2 s."""
        heard = _never_failing(lambda: self._confirmations.ask(user_id, event, token=token, reply_to=""), 0)
        for _ in range(CONFIRM_POLLS if heard else 0):
            if self.was_taken(token):
                return True
            self._clock.sleep(CONFIRM_POLL_SECONDS)
        return self.was_taken(token)


class RedisRecentFeedback:
    """The port RecentFeedback."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def remember(self, feedback: Feedback) -> None:
        """Keep feedback as it is known now."""
        text = orjson.dumps(feedback.wire())
        key = _recent(feedback.feedback_id)
        _never_failing(lambda: self._redis.call("SET", key, text, "EX", KEEP_FEEDBACK_SECONDS), None)

    def recall(self, feedback_id: str) -> Feedback | None:
        """Return feedback as it was last known."""
        text = _never_failing(lambda: self._redis.call("GET", _recent(feedback_id)), None)
        return Feedback.model_validate(orjson.loads(text), extra="ignore") if text else None


class RedisLiveStudents:
    """The port LiveStudents: channels that are open, and what was told last."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def tell(self, student_id: str, doing: Doing) -> None:
        """Note what a student is doing."""
        text = orjson.dumps(doing.wire())
        _never_failing(lambda: self._redis.call("SET", _doing(student_id), text, "EX", KEEP_DOING_SECONDS), None)

    def of(self, student_ids: list[str]) -> dict[str, Live]:
        """Return what is known of each, in one round trip."""
        asked = [part for one in student_ids for part in (("ZCARD", f"user:{{{one}}}:channels"), ("GET", _doing(one)))]
        found = _never_failing(lambda: self._redis.calls(asked), [])
        pairs = zip(found[::2], found[1::2], strict=True)
        return {one: _live(count, text) for one, (count, text) in zip(student_ids, pairs, strict=False)}


def _fields(entry: Any) -> dict[bytes, bytes]:
    # Stand-ins inside this process make a dictionary of what a server gives as names and values in turn.
    return entry if isinstance(entry, dict) else dict(zip(entry[::2], entry[1::2], strict=True))


def _live(channels: int, text: bytes | None) -> Live:
    doing = Doing.model_validate(orjson.loads(text), extra="ignore") if text else None
    return Live(online=channels > 0, doing=doing)


def _never_failing(call: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return call()
    except Unavailable:
        log.warning("redis.not_asked")
        return otherwise


def _stream(user_id: str) -> str:
    return f"user:{{{user_id}}}:events"


def _listeners(user_id: str) -> str:
    return f"user:{{{user_id}}}:listeners"


def _doing(student_id: str) -> str:
    return f"user:{{{student_id}}}:doing"


def _taken(token: str) -> str:
    return f"taken:{token}"


def _recent(feedback_id: str) -> str:
    return f"feedback:{feedback_id}"
