"""Recordings while they are made, in memory, and a listener that is told what it hears."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from shared.domains.turns.models import Added, Fate, Opened, Take
from shared.kernel.errors import PayloadTooLarge, Unavailable
from shared.kernel.ports import Clock
from shared.kernel.recordings import MOST_BYTES, Heard, Partial

OPEN_AT_ONCE = 2
KEEP_SECONDS = 300


@dataclass
class _Kept:
    is_streamed: bool
    began: datetime
    grew: datetime
    chunks: list[bytes] = field(default_factory=list)
    ended_at: str | None = None
    refusal: str | None = None
    is_closed: bool = False


class MemoryTakes:
    """The port Takes; while `is_away` nothing answers."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self.kept: dict[tuple[str, str], _Kept] = {}
        self.is_away = False
        self._clock, self._lock = clock, Lock()

    def open(self, user_id: str, turn_id: str, *, is_streamed: bool) -> Opened | None:
        """Begin a take, or find it; None where the user has two others."""
        with self._lock:
            found = self._found(user_id, turn_id)
            others = [one for (owner, _), one in self.kept.items() if owner == user_id and not one.is_closed]
            if found is None and len(others) >= OPEN_AT_ONCE:
                return None
            now = self._clock.now()
            kept = self.kept.setdefault((user_id, turn_id), _Kept(is_streamed, now, now))
            kept.is_streamed = kept.is_streamed if kept.is_closed else is_streamed
            return Opened(found is None, len(kept.chunks))

    def add(self, user_id: str, turn_id: str, index: int, chunk: bytes) -> Added:
        """Add the chunk of an index."""
        with self._lock:
            found = self._found(user_id, turn_id)
            if found is None:
                return Added(Fate.UNKNOWN, 0)
            fate = _fate(found, index, chunk)
            if fate is Fate.TAKEN and index == len(found.chunks):
                found.chunks.append(chunk)
                found.grew = self._clock.now()
            following = len(found.chunks)
            if fate is Fate.LARGE:
                found.refusal, found.chunks = PayloadTooLarge.code, []
            return Added(fate, following)

    def end(self, user_id: str, turn_id: str, at: str) -> Take | None:
        """Note that all was said, the first time counts."""
        with self._lock:
            found = self._found(user_id, turn_id)
            if found is None:
                return None
            found.ended_at = found.ended_at or at
            return self._shown(found, MOST_BYTES)

    def read(self, user_id: str, turn_id: str, first: int) -> Take | None:
        """Return a take with its chunks from an index on."""
        with self._lock:
            found = self._found(user_id, turn_id)
            return self._shown(found, first) if found is not None else None

    def close(self, user_id: str, turn_id: str) -> None:
        """Drop the chunks of a take whose turn is queued."""
        with self._lock:
            found = self._found(user_id, turn_id)
            if found is not None:
                found.is_closed, found.chunks = True, []

    def discard(self, user_id: str, turn_id: str) -> None:
        """Drop a take."""
        with self._lock:
            self._found(user_id, turn_id)
            self.kept.pop((user_id, turn_id), None)

    def _found(self, user_id: str, turn_id: str) -> _Kept | None:
        if self.is_away:
            raise Unavailable("Redis is away.")
        now = self._clock.now()
        for name in [name for name, one in self.kept.items() if (now - one.grew).total_seconds() >= KEEP_SECONDS]:
            del self.kept[name]
        return self.kept.get((user_id, turn_id))

    def _shown(self, found: _Kept, first: int) -> Take:
        now = self._clock.now()
        return Take(
            chunks=found.chunks[first:],
            is_streamed=found.is_streamed,
            ended_at=found.ended_at,
            refusal=found.refusal,
            is_closed=found.is_closed,
            age=(now - found.began).total_seconds(),
            quiet=(now - found.grew).total_seconds(),
        )


def _fate(found: _Kept, index: int, chunk: bytes) -> Fate:
    if found.refusal is not None:
        return Fate.LARGE
    if index < len(found.chunks):
        return Fate.TAKEN
    if found.ended_at is not None or found.is_closed:
        return Fate.LATE
    if index > len(found.chunks):
        return Fate.EARLY
    return Fate.LARGE if sum(map(len, found.chunks)) + len(chunk) > MOST_BYTES else Fate.TAKEN


class MemoryListener:
    """The port Listener: each chunk is a word; raises `problem`, where there is one, once it heard `hears` words."""

    def __init__(self, problem: Exception | None = None, hears: int = 0) -> None:
        """Hear everything, unless told otherwise."""
        self.problem, self.hears = problem, hears
        self.seconds_a_word, self.confidence = 0.5, 0.9

    def listen(self, chunks: Iterable[bytes], *, partial: Partial) -> Heard:
        """Return the words, telling them as they come."""
        words: list[str] = []
        for chunk in chunks:
            if self.problem is not None and len(words) >= self.hears:
                raise self.problem
            words.append(chunk.decode())
            partial(" ".join(words))
        if self.problem is not None:
            raise self.problem
        text = " ".join(words)
        return Heard(text, self.confidence if text else None, self.seconds_a_word * len(words))
