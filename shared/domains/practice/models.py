"""What is told of a sentence that somebody said, word by word and in numbers; and the sessions in which it is said."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from shared.kernel.contract import Contract

MISPRONOUNCED_BELOW = 60.0
"""A word that was said with a lower score is mispronounced: experts who gave less than 6 of 10 heard an accent that
makes the word hard to know, by the scale of speechocean762 (Zhang et al., Interspeech 2021)."""
SURE_FROM = 0.5
"""Below this confidence nothing is graded."""


class WordStatus(StrEnum):
    """What became of a word; EXTRA ones are said and are not in the sentence."""

    CORRECT = "correct"
    MISPRONOUNCED = "mispronounced"
    MISSED = "missed"
    EXTRA = "extra"


class Unheard(StrEnum):
    """Why there is nothing to grade."""

    NO_SPEECH = "no_speech"
    """Silence, noise, music: nobody speaks."""
    OTHER_WORDS = "other_words"
    """Somebody speaks, and hardly a word of the sentence is in it: another sentence, or another language."""
    UNCLEAR = "unclear"
    """The numbers are there, and not to be trusted: noise, or hearings that contradict each other."""


class Difficulty(StrEnum):
    """A sound of English that Korean speakers find hard, and what is heard in its place; named by ARPAbet."""

    R_AS_L = "R>L"
    L_AS_R = "L>R"
    F_AS_P = "F>P"
    V_AS_B = "V>B"
    TH_AS_S = "TH>S"
    TH_AS_T = "TH>T"
    DH_AS_D = "DH>D"
    Z_AS_JH = "Z>JH"
    IY_AS_IH = "IY>IH"
    VOWEL_ADDED = "final+vowel"
    CONSONANT_DROPPED = "final dropped"


class SpokenPhone(Contract):
    """A sound of a word by its ARPAbet name, how well it was said, from 0 to 100, and what fits better, if anything."""

    phone: str
    score: float = Field(ge=0, le=100)
    heard: str | None = None


class SpokenWord(Contract):
    """A word of the sentence, or an extra one, in the order of time.

    Times are in milliseconds of the recording, None of what is missed. `score` is from 0 to 100 with one decimal, 0 of
    what is missed, None of what is extra. `heard` is what the scorer's own recogniser heard in its place, where that is
    another word; `also_heard` is that of the transcript that it was given. `suspected` is what one place alone
    suggests, and `hint` what a student may be told: two places of a session suggest it.
    """

    word: str
    status: WordStatus
    start_ms: int | None = None
    end_ms: int | None = None
    score: float | None = None
    heard: str | None = None
    also_heard: str | None = None
    suspected: Difficulty | None = None
    hint: Difficulty | None = None
    phones: list[SpokenPhone] = Field(default_factory=list)


class Pronunciation(Contract):
    """How a sentence was said. Scores are from 0 to 100 with one decimal, `confidence` is from 0 to 1.

    `overall` is the product's own mark; `word_accuracy` the mean score of the words that were said; `completeness` the
    share of the sentence's words that were said; `fluency` is None where there is but one word. `heard` is what the
    scorer's own recogniser heard. Where `unheard` is set there is no grade; after NO_SPEECH and OTHER_WORDS the scores
    are 0. `unscored` are the words that nobody knows how to say: they count nowhere.
    """

    words: list[SpokenWord]
    overall: float
    word_accuracy: float
    completeness: float
    fluency: float | None = None
    prosody: float | None = None
    confidence: float
    heard: str
    duration_ms: int
    unheard: Unheard | None = None
    unscored: list[str] = Field(default_factory=list)

    @property
    def is_graded(self) -> bool:
        """Tell whether the numbers may be shown as a grade."""
        return self.unheard is None

    @property
    def suspicions(self) -> list[Difficulty]:
        """Return what single places suggest, one entry a place: for the session's next sentences."""
        return [word.suspected for word in self.words if word.suspected]


MetadataText = Annotated[str, StringConstraints(strict=True, max_length=500)]
WholeNumber = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]
Metadata = dict[Annotated[str, StringConstraints(min_length=1, max_length=64)], MetadataText | StrictBool | WholeNumber]
"""What a client notes of a session: at most 20 short texts, whole numbers and truths."""


class SessionType(StrEnum):
    """What a session is spent on."""

    PRACTICE = "practice"
    AI_CHAT = "ai_chat"
    ROOM = "room"


class LearningSession(Contract):
    """A stretch of learning. `speaking_ms` is the sum of its recordings; `sign_in` the sign-in that began it.

    `duration` and `speaking_duration` are seconds, there once it has ended. `suspected` are the difficulties that its
    recordings suggested so far.
    """

    session_id: str
    user_id: str
    sign_in: str
    session_type: SessionType
    metadata: Metadata = Field(default_factory=dict, max_length=20)
    start_time: str
    last_activity_at: str
    ended_at: str | None = None
    duration: int | None = None
    speaking_ms: int = 0
    speaking_duration: float | None = None
    suspected: tuple[Difficulty, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more belongs to it."""
        return self.ended_at is not None


class AudioStatus(StrEnum):
    """How far the voice of a sentence is."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class SentenceAudio(Contract):
    """A sentence of a session, and its voice; `job_id` is the job that wrote it, `audio_job_id` the one that speaks."""

    session_id: str
    sentence_index: int
    english: str
    korean: str
    job_id: str
    audio_job_id: str
    s3key: str | None = None
    status: AudioStatus = AudioStatus.PENDING
    duration_ms: int | None = None
    completed_at: str | None = None


class Grade(StrEnum):
    """The mark of a sentence, by its overall score: A from 90, B from 80, C from 70, D from 60, F below."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    F = "F"


_GRADES = ((90.0, Grade.A), (80.0, Grade.B), (70.0, Grade.C), (60.0, Grade.D))


def grade_of(score: float) -> Grade:
    """Return the mark of an overall score from 0 to 100."""
    return next((grade for least, grade in _GRADES if score >= least), Grade.F)


class PronunciationResult(Contract):
    """How a sentence was said once. `transcribed_text` is what the recogniser heard; `scored` all that was measured.

    `recording_key` is where the recording lies, None once it is deleted.
    """

    result_id: str
    user_id: str
    session_id: str | None = None
    original_text: str
    transcribed_text: str
    scored: Pronunciation
    recording_key: str | None = None
    created_at: str

    @property
    def grade(self) -> Grade | None:
        """Return the mark; None where it could not be heard well."""
        return grade_of(self.scored.overall) if self.scored.is_graded else None


class Learner(Contract):
    """A student, as far as practice needs to know; recordings are kept and nothing is shared unless they chose so."""

    user_id: str
    email: str
    language: str = "en"
    time_zone: str
    level: str | None = None
    keep_recordings: bool = True
    share_results: bool = False
    share_recordings: bool = False
