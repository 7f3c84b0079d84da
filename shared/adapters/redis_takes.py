"""Recordings while they are made, in Redis: their chunks by index, bounded, and forgotten when nothing more comes.

Keys of a user's takes share the hash tag {user id}.
"""

from typing import Any

from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.domains.turns.models import Added, Fate, Opened, Take
from shared.kernel.errors import PayloadTooLarge
from shared.kernel.recordings import MOST_BYTES

KEEP_SECONDS = 300
OPEN_AT_ONCE = 2

_OPEN = Script("take_open")
_ADD = Script("take_add")
_READ = Script("take_read")


class RedisTakes:
    """The port Takes: one scripted round trip each."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def open(self, user_id: str, turn_id: str, *, is_streamed: bool) -> Opened | None:
        """Begin a take, or find it as it stands; None where the user has two others."""
        asked = [turn_id, "1" if is_streamed else "", KEEP_SECONDS, OPEN_AT_ONCE]
        found, next_index = self._redis.run(_OPEN, _keys(user_id, turn_id), asked)
        return None if found == b"full" else Opened(found == b"new", int(next_index))

    def add(self, user_id: str, turn_id: str, index: int, chunk: bytes) -> Added:
        """Add the chunk of an index; one that is there already is TAKEN and changes nothing."""
        given = [turn_id, index, chunk, KEEP_SECONDS, MOST_BYTES, PayloadTooLarge.code]
        fate, next_index = self._redis.run(_ADD, _keys(user_id, turn_id), given)
        return Added(Fate(fate.decode()), int(next_index))

    def end(self, user_id: str, turn_id: str, at: str) -> Take | None:
        """Note that all was said, the first time counts; return how it stands, without chunks."""
        found = self._look(user_id, turn_id, "end", at=at)
        return found._replace(chunks=[]) if found is not None else None

    def read(self, user_id: str, turn_id: str, first: int) -> Take | None:
        """Return a take with its chunks from an index on; None where there is none (any more)."""
        return self._look(user_id, turn_id, "read", first=first)

    def close(self, user_id: str, turn_id: str) -> None:
        """Drop the chunks of a take whose turn is queued, which takes no more."""
        self._look(user_id, turn_id, "close")

    def discard(self, user_id: str, turn_id: str) -> None:
        """Drop a take; again changes nothing."""
        state, chunks, others = _keys(user_id, turn_id)
        self._redis.calls([("DEL", state, chunks), ("ZREM", others, turn_id)])

    def _look(self, user_id: str, turn_id: str, step: str, *, first: int = 0, at: str = "") -> Take | None:
        if step == "end":
            first = MOST_BYTES  # beyond the last chunk: none is wanted
        found = self._redis.run(_READ, _keys(user_id, turn_id), [turn_id, step, first, at])
        return _take(found) if found else None


def _keys(user_id: str, turn_id: str) -> list[str]:
    takes = f"takes:{{{user_id}}}"
    return [f"{takes}:{turn_id}:state", f"{takes}:{turn_id}:chunks", f"{takes}:open"]


def _take(found: list[Any]) -> Take:
    stream, ended_at, refusal, closed, age, quiet, chunks = found
    return Take(
        chunks=list(chunks),
        is_streamed=stream == b"1",
        ended_at=ended_at.decode() if ended_at else None,
        refusal=refusal.decode() if refusal else None,
        is_closed=closed is not None,
        age=int(age) / 1000,
        quiet=int(quiet) / 1000,
    )
