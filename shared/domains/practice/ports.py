"""What practice needs from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable, Collection
from typing import Protocol

from shared.domains.practice.models import (
    Difficulty,
    Learner,
    LearningSession,
    Pronunciation,
    PronunciationResult,
    SentenceAudio,
)
from shared.kernel.pages import Page, Position
from shared.kernel.stores import StoredObjects

Progress = Callable[[str], object]
"""Takes a stage: `heard`, `aligned`, `scored`."""
Transcript = Callable[[], str | None]
"""Returns what another recogniser heard, once it has; None where it does not answer. What it raises is raised."""


class PronunciationScorer(Protocol):
    """Scores; the same recording and sentence always get the same answer."""

    def warm_up(self) -> None:
        """Load the models, some seconds and 400 MB of this process; again does nothing."""

    def score(
        self,
        recording: bytes,
        sentence: str,
        *,
        transcript: Transcript | None = None,
        suspected: Collection[Difficulty] = (),
        progress: Progress | None = None,
    ) -> Pronunciation:
        """Return how a sentence was said in a recording of at most ten mebibytes and a minute, whatever its kind.

        `transcript` is asked last for what another recogniser heard, where one listens meanwhile: it scores nothing,
        and lowers the confidence where it contradicts. `suspected` is what earlier recordings of the session suggest:
        with it, a difficulty that shows once more becomes a hint. `progress` is told each stage as it ends; what it
        raises is raised. It takes about 0.4 s of processor time a second of sound.

        Raises:
            UnreadableAudio, AudioTooLong, AudioTooLarge: it is no recording that is taken.
            NothingToScore: there is no English word in the sentence, or more than 200.
            ScorerMissing: this process was installed without what scores.
        """


class SessionStore(Protocol):
    """Learning sessions, and an index of those that are open or not yet counted."""

    def add(self, session: LearningSession) -> None:
        """Store a new session; where there is one of that id nothing changes."""

    def get(self, session_id: str) -> LearningSession | None:
        """Return a session as it stands after every write so far."""

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[LearningSession]:
        """Return a student's sessions, newest first."""

    def end(self, session: LearningSession) -> bool:
        """Write how a session ended, unless it has ended already; tell whether it had not."""

    def touch(
        self, session_id: str, *, at: str, result_id: str, speaking_ms: int, suspected: Collection[Difficulty]
    ) -> None:
        """Add a recording to an open session, once a result; in one that has ended nothing changes."""

    def count_off(self, session_id: str) -> None:
        """Take a session that was counted out of the index of those that wait for it."""

    def waiting(self, before: str, *, limit: int) -> list[str]:
        """Return ids of up to `limit` sessions that are open or not yet counted and idle since before an instant."""

    def open_of(self, user_id: str) -> list[LearningSession]:
        """Return a student's newest sessions that are open, at most 100."""


class SentenceStore(Protocol):
    """The sentences of each session."""

    def of_session(self, session_id: str) -> list[SentenceAudio]:
        """Return the sentences of a session in their order, as of every write so far."""

    def add(self, sentences: list[SentenceAudio]) -> bool:
        """Store new sentences, all or none; False where one of these numbers is taken."""

    def complete(self, sentence: SentenceAudio) -> None:
        """Note how the voice of a sentence ended, unless that is noted already, or there is no such sentence."""

    def recent_of(self, user_id: str) -> list[str]:
        """Return the English of the last 50 sentences that were written for a student, newest first."""

    def remember(self, user_id: str, english: list[str]) -> None:
        """Note sentences as the newest ones that were written for a student; the same again changes nothing."""


class ResultStore(Protocol):
    """Pronunciation results of each student."""

    def add(self, result: PronunciationResult) -> bool:
        """Store a result; False where there is one of that id, and then nothing changes."""

    def get(self, user_id: str, created_at: str, result_id: str) -> PronunciationResult | None:
        """Return a result by its whole key, as of every write so far."""

    def find(self, result_id: str, user_id: str) -> PronunciationResult | None:
        """Return a student's result by its id, of the newest as of every write so far; None for somebody else's."""

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[PronunciationResult]:
        """Return a student's results, newest first."""

    def forget_recording(self, result: PronunciationResult) -> None:
        """Note that the recording of a result is deleted; again changes nothing."""


class Recordings(StoredObjects, Protocol):
    """Recordings in the bucket."""

    def delete(self, key: str) -> None:
        """Delete it; again changes nothing."""


class Learners(Protocol):
    """The students as practice knows them."""

    def learner(self, user_id: str) -> Learner:
        """Return a student as the account stands; one whose account is gone has the platform's defaults."""

    def watching(self, learner: Learner) -> list[str]:
        """Return the userIds of the tutors who may see this student's results as they come."""
