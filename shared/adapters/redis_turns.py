"""Turns while they are being answered, in Redis: what was said, told as it is logged, and how it ended.

Keys of a turn share the hash tag {turn id}, and go an hour after the last change.
"""

import statistics
from typing import Any

import orjson

from shared.adapters.cooldown import Cooldown
from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.domains.turns.models import Answer, Going, Live
from shared.kernel.errors import Unavailable
from shared.kernel.topics import turn_topic
from shared.kernel.wire import push_header

KEEP_TURN_SECONDS = 3_600
KEPT_DURATIONS = 50
FIRST_ESTIMATE_MS = 3_000
"""What REQUIREMENTS names for a time without recent turns."""
KEEP_DURATIONS_SECONDS = 86_400
DURATIONS = "turns:durations"
REST_SECONDS = 2.0

_READ = Script("turn_read")
_BEGIN = Script("turn_begin")
_SAY = Script("turn_say")
_END = Script("turn_end")


class RedisTurnLog:
    """The port TurnLog: one scripted round trip each, so that each happens before or after another.

    Runs are numbered by Redis's clock, and never by one: a run that begins after Redis lost its memory still is above
    those before, for watching connections and for a worker left behind. A run that Redis forgot while it spoke is told
    to go on, and nothing of it is logged or published any more until its answer, which then is whole.
    """

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def open(self, turn_id: str) -> Live:
        """Begin to log a turn that is not known yet; return it as it stands."""
        return _live(self._look(turn_id, "open"))

    def read(self, turn_id: str) -> Live | None:
        """Return a turn as it stands; None where it is not known (any more)."""
        found = self._look(turn_id, "read")
        return _live(found) if found else None

    def ask_to_stop(self, turn_id: str) -> Live | None:
        """Note that the student wants no more, unless the turn has ended; None where it is not known."""
        found = self._look(turn_id, "stop")
        return _live(found) if found else None

    def begin(self, turn_id: str) -> Live:
        """Begin a run and publish that; what an earlier one said is dropped. A turn that has ended stays so."""
        return _live(self._redis.run(_BEGIN, _keys(turn_id), [KEEP_TURN_SECONDS, turn_topic(turn_id), push_header()]))

    def say(self, turn_id: str, run: int, delta: str) -> Going:
        """Log and publish what a run says; once a stop was asked, or the run is over, nothing is."""
        told = [run, _text(delta), KEEP_TURN_SECONDS, turn_topic(turn_id), push_header()]
        return Going(self._redis.run(_SAY, _keys(turn_id), told).decode())

    def end(self, turn_id: str, answer: Answer) -> Answer:
        """End a turn and publish that, unless it has ended; one that is not known (any more) is known by it."""
        told = [orjson.dumps(answer.wire()), KEEP_TURN_SECONDS, turn_topic(turn_id), push_header()]
        return _answer(self._redis.run(_END, _keys(turn_id), told))

    def forget(self, turn_id: str) -> None:
        """Drop a turn that is tried anew."""
        self._redis.call("DEL", *_keys(turn_id))

    def _look(self, turn_id: str, first: str) -> Any:
        return self._redis.run(_READ, _keys(turn_id), [first, KEEP_TURN_SECONDS])


class RedisPace:
    """The port Pace: the last 50 durations; while Redis is away nothing is noted, and the estimate is the first."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis
        self._cooldown = Cooldown(REST_SECONDS)

    def note(self, milliseconds: int) -> None:
        """Note how long a turn took."""
        self._ask(
            ("LPUSH", DURATIONS, milliseconds),
            ("LTRIM", DURATIONS, 0, KEPT_DURATIONS - 1),
            ("EXPIRE", DURATIONS, KEEP_DURATIONS_SECONDS),
        )

    def estimate(self) -> int:
        """Return the median of the last turns in milliseconds, the upper one of two; 3000 after a day without any."""
        [durations] = self._ask(("LRANGE", DURATIONS, 0, -1)) or [[]]
        return statistics.median_high(map(int, durations)) if durations else FIRST_ESTIMATE_MS

    def _ask(self, *commands: tuple[Any, ...]) -> list[Any]:
        """Return the replies, none where Redis does not answer."""
        if self._cooldown.is_resting:
            return []
        try:
            return self._redis.calls([*commands])
        except Unavailable:
            self._cooldown.failed()
            return []


def _keys(turn_id: str) -> list[str]:
    return [f"turn:{{{turn_id}}}:state", f"turn:{{{turn_id}}}:said"]


def _text(delta: str) -> bytes:
    """Return a JSON string; half a character, which no encoding has, is shown as U+FFFD."""
    try:
        return orjson.dumps(delta)
    except orjson.JSONEncodeError:
        return orjson.dumps(delta.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _live(found: list[Any]) -> Live:
    run, stop, answer, said = found
    deltas = [str(orjson.loads(one)) for one in said]
    return Live(int(run), deltas, _answer(answer) if answer else None, is_stopped=stop is not None)


def _answer(text: bytes) -> Answer:
    return Answer.model_validate(orjson.loads(text), extra="ignore")
