"""What pollers and workers tell operators, in Redis: news of minutes, nothing that would be missed."""

from typing import TypeVar

import orjson
from pydantic import ValidationError

from shared.adapters.redis_grouped import GroupedRedis
from shared.domains.operations.models import Sample, WorkerSign

KEEP_SECONDS = 900
MOST_SAMPLES = 60
Told = TypeVar("Told", Sample, WorkerSign)

_POLLER = "operations:poller"
_SAMPLES = "operations:samples"
_WORKERS = "operations:workers"


class RedisOperations:
    """The ports QueueHistory and WorkerSigns."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def note(self, sample: Sample) -> None:
        """Keep a sample; the list holds a quarter of an hour."""
        self._redis.calls(
            [
                ("LPUSH", _SAMPLES, orjson.dumps(sample.wire())),
                ("LTRIM", _SAMPLES, 0, MOST_SAMPLES - 1),
                ("EXPIRE", _SAMPLES, KEEP_SECONDS),
            ]
        )

    def samples(self) -> list[Sample]:
        """Return the samples, oldest first; what another version wrote and this one cannot read is passed over."""
        found = [_read(Sample, text) for text in reversed(self._redis.call("LRANGE", _SAMPLES, 0, -1))]
        return [one for one in found if one is not None]

    def may_poll(self, poller: str, seconds: float) -> bool:
        """Take the turn, or keep it."""
        milliseconds = int(seconds * 1000)
        take = ("SET", _POLLER, poller, "PX", milliseconds, "NX")
        _, held = self._redis.calls([take, ("GET", _POLLER)])
        is_mine: bool = held is not None and held.decode() == poller
        if is_mine:
            self._redis.call("PEXPIRE", _POLLER, milliseconds)
        return is_mine

    def tell(self, sign: WorkerSign, *, keep_seconds: float) -> None:
        """Keep a sign by the worker's name and host; the set of names forgets those that are silent."""
        name = f"{sign.name}@{sign.host}"
        self._redis.calls(
            [
                ("SET", f"{_WORKERS}:{name}", orjson.dumps(sign.wire()), "PX", max(1, int(keep_seconds * 1000))),
                ("SADD", _WORKERS, name),
                ("EXPIRE", _WORKERS, KEEP_SECONDS),
            ]
        )

    def living(self) -> list[WorkerSign]:
        """Return the signs that are kept, by name."""
        names = sorted(name.decode() for name in self._redis.call("SMEMBERS", _WORKERS))
        if not names:
            return []
        texts = self._redis.call("MGET", *(f"{_WORKERS}:{name}" for name in names))
        if gone := [name for name, text in zip(names, texts, strict=True) if text is None]:
            self._redis.call("SREM", _WORKERS, *gone)
        found = [_read(WorkerSign, text) for text in texts if text is not None]
        return [one for one in found if one is not None]


def _read(kind: type[Told], text: bytes) -> Told | None:
    try:
        return kind.model_validate(orjson.loads(text), extra="ignore")
    except (ValidationError, orjson.JSONDecodeError):
        return None
