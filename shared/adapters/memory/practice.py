"""Sessions, sentences and results in dictionaries."""

from collections.abc import Collection
from typing import TypeVar

from shared.domains.practice.models import AudioStatus, Difficulty, LearningSession, PronunciationResult, SentenceAudio
from shared.kernel.pages import Page, Position

MOST_OPEN = 100
MOST_RECENT = 50
Item = TypeVar("Item")


class MemorySessions:
    """The port SessionStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[str, LearningSession] = {}
        self._waiting: set[str] = set()
        self._results: set[tuple[str, str]] = set()

    def add(self, session: LearningSession) -> None:
        """Store a new session."""
        if session.session_id not in self.stored:
            self.stored[session.session_id] = session
            self._waiting.add(session.session_id)

    def get(self, session_id: str) -> LearningSession | None:
        """Return a session."""
        return self.stored.get(session_id)

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[LearningSession]:
        """Return a student's sessions, newest first."""
        return _part(self._newest_of(user_id), position, limit)

    def end(self, session: LearningSession) -> bool:
        """Write how a session ended, unless it has ended already."""
        found = self.stored.get(session.session_id)
        if found is None or found.has_ended:
            return False
        ending = {name: getattr(session, name) for name in ("ended_at", "duration", "speaking_duration")}
        self.stored[session.session_id] = found.model_copy(update=ending)
        return True

    def touch(
        self, session_id: str, *, at: str, result_id: str, speaking_ms: int, suspected: Collection[Difficulty]
    ) -> None:
        """Add a recording to an open session, once a result."""
        found = self.stored.get(session_id)
        if found is None or found.has_ended or (session_id, result_id) in self._results:
            return
        self._results.add((session_id, result_id))
        changes = {
            "last_activity_at": at,
            "speaking_ms": found.speaking_ms + speaking_ms,
            "suspected": tuple(sorted({*found.suspected, *suspected})),
        }
        self.stored[session_id] = found.model_copy(update=changes)

    def count_off(self, session_id: str) -> None:
        """Take a session that was counted out of those that wait for it."""
        self._waiting.discard(session_id)

    def waiting(self, before: str, *, limit: int) -> list[str]:
        """Return ids of sessions that are open or not yet counted and idle since before an instant."""
        idle = [one for one in self.stored.values() if one.session_id in self._waiting]
        return [one.session_id for one in idle if one.last_activity_at < before][:limit]

    def open_of(self, user_id: str) -> list[LearningSession]:
        """Return a student's newest sessions that are open."""
        return [one for one in self._newest_of(user_id) if not one.has_ended][:MOST_OPEN]

    def _newest_of(self, user_id: str) -> list[LearningSession]:
        own = [one for one in self.stored.values() if one.user_id == user_id]
        return sorted(own, key=lambda one: (one.start_time, one.session_id), reverse=True)


class MemorySentences:
    """The port SentenceStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[tuple[str, int], SentenceAudio] = {}
        self._recent: dict[str, list[str]] = {}

    def of_session(self, session_id: str) -> list[SentenceAudio]:
        """Return the sentences of a session in their order."""
        return [one for (session, _), one in sorted(self.stored.items()) if session == session_id]

    def add(self, sentences: list[SentenceAudio]) -> bool:
        """Store new sentences, all or none."""
        placed = {(one.session_id, one.sentence_index): one for one in sentences}
        if placed.keys() & self.stored.keys():
            return False
        self.stored |= placed
        return True

    def complete(self, sentence: SentenceAudio) -> None:
        """Note how the voice of a sentence ended, unless that is noted already."""
        place = (sentence.session_id, sentence.sentence_index)
        found = self.stored.get(place)
        if found is not None and found.status is not AudioStatus.COMPLETED:
            names = ("status", "s3key", "duration_ms", "completed_at")
            self.stored[place] = found.model_copy(update={name: getattr(sentence, name) for name in names})

    def recent_of(self, user_id: str) -> list[str]:
        """Return the English of the last 50 sentences that were written for a student, newest first."""
        return list(self._recent.get(user_id, []))

    def remember(self, user_id: str, english: list[str]) -> None:
        """Note sentences as the newest ones that were written for a student."""
        before = [one for one in self.recent_of(user_id) if one not in english]
        self._recent[user_id] = [*english, *before][:MOST_RECENT]


class MemoryResults:
    """The port ResultStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[str, PronunciationResult] = {}

    def add(self, result: PronunciationResult) -> bool:
        """Store a result; False where there is one of that id."""
        return self.stored.setdefault(result.result_id, result) is result

    def get(self, user_id: str, created_at: str, result_id: str) -> PronunciationResult | None:
        """Return a result by its whole key."""
        found = self.find(result_id, user_id)
        return found if found and found.created_at == created_at else None

    def find(self, result_id: str, user_id: str) -> PronunciationResult | None:
        """Return a student's result by its id."""
        found = self.stored.get(result_id)
        return found if found and found.user_id == user_id else None

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[PronunciationResult]:
        """Return a student's results, newest first."""
        own = [one for one in self.stored.values() if one.user_id == user_id]
        return _part(sorted(own, key=lambda one: (one.created_at, one.result_id), reverse=True), position, limit)

    def forget_recording(self, result: PronunciationResult) -> None:
        """Note that the recording of a result is deleted."""
        if result.result_id in self.stored:
            kept = self.stored[result.result_id]
            self.stored[result.result_id] = kept.model_copy(update={"recording_key": None})


def _part(found: list[Item], position: Position | None, limit: int) -> Page[Item]:
    start = position["start"] if position else 0
    more = len(found) > start + limit
    return Page(found[start : start + limit], {"start": start + limit} if more else None)
