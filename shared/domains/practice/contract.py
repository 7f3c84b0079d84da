"""What clients ask of practice and are told, and the jobs behind it."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints

from shared.domains.practice.models import (
    Grade,
    LearningSession,
    Metadata,
    PronunciationResult,
    SentenceAudio,
    SessionType,
    WordStatus,
)
from shared.kernel.contract import AwaitedJob, Command, Contract, Event, Job
from shared.kernel.levels import LEVEL_NAMES, Level
from shared.kernel.queues import Queue, RetryPolicy

LONGEST_SENTENCE = 500
Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SENTENCE, strip_whitespace=True)]


class StartSession(Command):
    """Begin to learn."""

    session_type: SessionType
    metadata: Metadata = Field(default_factory=dict, max_length=20)


class EndSession(Command):
    """End a session; `speakingDuration` in seconds, without it the sum of the session's recordings."""

    session_id: Id
    speaking_duration: float | None = Field(None, ge=0, le=86_400, allow_inf_nan=False)


class ListSessions(Command):
    """List one's sessions, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class SessionItem(Contract):
    """A session as its student sees it; `duration` and `speakingDuration` in seconds once it has ended."""

    session_id: str
    session_type: SessionType
    metadata: Metadata
    start_time: str
    end_time: str | None = None
    duration: int | None = None
    speaking_duration: float | None = None

    @classmethod
    def of(cls, one: LearningSession) -> Self:
        """Return what is shown of a session."""
        return cls(end_time=one.ended_at, **one.model_dump(include=set(cls.model_fields) - {"end_time"}))


class SessionStarted(Contract):
    """A session that began."""

    session_id: str
    start_time: str


class SessionEnded(Contract):
    """A session that has ended; `duration` by the server's clock and `speaking_duration`, both in seconds."""

    session_id: str
    duration: int | None = None
    speaking_duration: float | None = None

    @classmethod
    def of(cls, one: LearningSession) -> Self:
        """Return what its student is answered."""
        return cls(session_id=one.session_id, duration=one.duration, speaking_duration=one.speaking_duration)


class GenerateSentences(Command):
    """Ask for sentences to say; without a session, a new one is begun for them."""

    level: Level = Field("intermediate", validation_alias=LEVEL_NAMES)
    topic: Line
    count: int = Field(5, ge=1, le=10, strict=True)
    session_id: Id | None = None


class SentenceItem(Contract):
    """A sentence to say, and the job that speaks it."""

    english: str
    korean: str
    audio_job_id: str

    @classmethod
    def of(cls, one: SentenceAudio) -> Self:
        """Return what is shown of a sentence."""
        return cls(english=one.english, korean=one.korean, audio_job_id=one.audio_job_id)


class SentencesReady(Contract):
    """Sentences that were written, and the session that they belong to."""

    sentences: list[SentenceItem]
    session_id: str


class EvaluateRecording(Command):
    """Say how a sentence was said; the recording comes beside it, as `audioFile`."""

    original_text: Sentence
    session_id: Id | None = None


class ListResults(Command):
    """List one's results, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class HintItem(Contract):
    """What to try about a word: the difficulty, a sentence about it, and two words that differ in just that sound."""

    difficulty: str
    text: str
    minimal_pair: tuple[str, str] | None = None


class WordItem(Contract):
    """A word as it was said; times in milliseconds of the recording, absent for what is missed."""

    word: str
    status: WordStatus
    start_ms: int | None = None
    end_ms: int | None = None
    score: float | None = None
    heard: str | None = None
    hint: HintItem | None = None


class ResultItem(Contract):
    """A result as it is shown: scores from 0 to 100 with one decimal; no grade where it could not be heard well."""

    result_id: str
    session_id: str | None = None
    original_text: str
    transcribed_text: str
    overall_score: float
    word_accuracy: float
    completeness_score: float
    fluency_score: float | None = None
    grade: Grade | None = None
    feedback: str
    missed_words: list[str]
    extra_words: list[str]
    audio_duration_ms: int
    words: list[WordItem]
    confidence: float
    created_at: str
    recording_url: str | None = None


class StudentResult(Event):
    """A student's result, as the tutors see it come whom the student lets see it."""

    type: Literal["student_result"] = "student_result"
    student_email: str
    result_id: str
    original_text: str
    overall_score: float
    grade: Grade | None = None

    @classmethod
    def of(cls, one: PronunciationResult, student_email: str) -> Self:
        """Return the push of a result."""
        told = one.model_dump(include={"result_id", "original_text"})
        return cls(student_email=student_email, overall_score=one.scored.overall, grade=one.grade, **told)


class WriteSentences(AwaitedJob):
    """Have sentences written, and each of them spoken; done once."""

    name: ClassVar[str] = "practice.write_sentences"
    queue: ClassVar[Queue] = Queue.AI_TASKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=10.0)

    session_id: str
    level: str
    topic: str
    count: int


class ScoreRecording(AwaitedJob):
    """Have a recording heard and scored; the result is stored and counted once."""

    name: ClassVar[str] = "practice.score_recording"
    queue: ClassVar[Queue] = Queue.SPEECH
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=20.0)

    recording_key: str
    original_text: str
    session_id: str | None = None
    sent_at: str


class CountSession(Job):
    """Count a session that has ended on its student's day; once, however often it runs."""

    name: ClassVar[str] = "practice.count_session"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    session_id: str

    def identity(self) -> str | None:
        """Return the session."""
        return f"count-{self.session_id}"


class KeepSentenceAudio(Job):
    """Note where the voice of a sentence lies, or that there is none."""

    name: ClassVar[str] = "practice.keep_sentence_audio"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    session_id: str
    sentence_index: int
    s3key: str | None = None
    duration_ms: int | None = None


class EndSessions(Job):
    """End a person's open sessions, those of one sign-in where it is named."""

    name: ClassVar[str] = "practice.end_sessions"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    user_id: str
    sign_in: str | None = None


class DeleteRecordings(Job):
    """Delete the recordings of a student who wants none kept; results stay."""

    name: ClassVar[str] = "practice.delete_recordings"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    user_id: str

    def fair_share_group(self) -> str | None:
        """Return the student."""
        return self.user_id


class SweepSessions(Job):
    """End sessions in which nothing happened for an hour, and count what ended and was not counted."""

    name: ClassVar[str] = "practice.sweep_sessions"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
