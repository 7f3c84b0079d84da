"""What clients ask of voices and are told, and the job behind it."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.voice.models import (
    Asker,
    Manner,
    MessageVoice,
    SentenceOf,
    SessionSentence,
    VoiceRole,
    Wish,
    cleaned,
    voice_hash,
)
from shared.kernel.contract import AwaitedJob, Command, Contract, Event
from shared.kernel.queues import Queue, RetryPolicy, WhenDead

LONGEST_TEXT = 3000
LONG_TEXT = 500
"""Characters from which on a text waits among long ones: at most one breath is spoken for a shorter one."""


def _speakable(text: str) -> str:
    if not cleaned(text):
        raise ValueError("text is blank")
    return text


class RequestSpeech(Command):
    """Have a text spoken; without a voice, by the platform's own."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_speakable)]
    voice: Literal["male", "female", "Matthew", "Joanna"] | None = None


class RequestMessageVoice(Command):
    """Have a message of a room spoken."""

    voice: VoiceRole


class SpeechReady(Contract):
    """Where the audio and the times of its words are read; the addresses are good for one hour."""

    audio_url: str
    words_url: str
    duration_ms: int
    voice_id: str


class SpeechQueued(Contract):
    """The voice is being made; `job` pushes and `GET /api/tts/status/{jobId}` say how far it is."""

    job_id: str
    status: str = "PENDING"


class SpeechPart(Contract):
    """The beginning of a long text, or what follows it, while the rest is still being spoken."""

    index: int
    audio_url: str
    duration_ms: int


class SpeechStatus(Contract):
    """How far it is; `parts` are there while a long text is being spoken."""

    job_id: str
    status: str
    audio_url: str | None = None
    words_url: str | None = None
    duration_ms: int | None = None
    voice_id: str | None = None
    parts: list[SpeechPart] | None = None
    error: str | None = None

    @classmethod
    def of(cls, record: JobRecord, result: dict[str, Any]) -> Self:
        """Return how far a job is that has this result."""
        is_cancelled = record.status is JobStatus.CANCELLED
        status = (JobStatus.FAILED if is_cancelled else record.status).value
        error = "CANCELLED" if is_cancelled else record.error
        return cls.model_validate(result | {"jobId": record.job_id, "status": status, "error": error})


class SynthesizeSpeech(AwaitedJob):
    """Make a voice for the jobs that wait for it; where it is there, or another makes it, nothing is spoken again.

    For a sentence of an answer no Job record is kept: its user is pushed `audioReady`. `parts` are the sentences of a
    whole answer, which are voices of their own, and are taken where they are there.
    """

    name: ClassVar[str] = "voice.synthesize_speech"
    queue: ClassVar[Queue] = Queue.TTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=20.0)
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    text: str
    voice_id: str
    engine: str
    speed: int = 100
    message: MessageVoice | None = None
    sentence: SentenceOf | None = None
    session_sentence: SessionSentence | None = None
    parts: list[str] | None = None

    @staticmethod
    def of(wish: Wish, job_id: str, **more: Any) -> "SynthesizeSpeech":
        """Return the job that fulfils a wish: a long text waits behind short ones, unless its parts are there."""
        text = cleaned(wish.text)
        places = {"message": wish.message, "session_sentence": wish.session_sentence}
        fields = {"text": text} | places | wish.manner._asdict() | more
        kind = SynthesizeLongSpeech if len(text) > LONG_TEXT and not more.get("parts") else SynthesizeSpeech
        return kind(job_id=job_id, user_id=wish.user_id, **fields)

    @property
    def manner(self) -> Manner:
        """Return how it is spoken."""
        return Manner(self.voice_id, self.engine, self.speed)

    @property
    def voice(self) -> str:
        """Return the name of the voice that is wanted."""
        return voice_hash(self.text, self.manner)

    @property
    def asker(self) -> Asker:
        """Return this job as one that waits for the voice."""
        user_id = self.user_id if self.sentence else None
        waits = {"message": self.message, "sentence": self.sentence, "session_sentence": self.session_sentence}
        return Asker(job_id=self.job_id, user_id=user_id, **waits)

    def identity(self) -> str | None:
        """Return the asker's job: it is one thing under one id; the sentences of an answer are many."""
        return self.awaited_as()

    def awaited_as(self) -> str | None:
        """Return the asker's job; nobody asks about a sentence."""
        return None if self.sentence else self.job_id


class SynthesizeLongSpeech(SynthesizeSpeech):
    """Make the voice of a long text, as SynthesizeSpeech does, on a queue where it delays no short one."""

    name: ClassVar[str] = "voice.synthesize_long_speech"
    queue: ClassVar[Queue] = Queue.TTS_LONG
    retry: ClassVar[RetryPolicy] = RetryPolicy(attempts=6, first_delay=2.0, longest_delay=60.0)


class AudioReady(Event):
    """Sentence `index` of an answer can be heard, and the times of its words read; both for one hour."""

    type: Literal["audioReady"] = "audioReady"
    request_id: str
    index: int
    audio_url: str
    words_url: str | None = None
