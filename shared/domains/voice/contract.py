"""What clients ask of voices and are told, and the job behind it."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from shared.domains.voice.models import Manner, MessageVoice, Role, cleaned, voice_hash
from shared.kernel.contract import Command, Contract, Job
from shared.kernel.queues import Queue, RetryPolicy, WhenDead

LONGEST_TEXT = 3000


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

    voice: Role


class SpeechReady(Contract):
    """Where the audio and the times of its words are read; the addresses are good for one hour."""

    audio_url: str
    words_url: str
    duration_ms: int
    voice_id: str


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


class SynthesizeSpeech(Job):
    """Make a voice for whoever waits for it; where it is there, or another makes it, nothing is spoken again."""

    name: ClassVar[str] = "voice.synthesize_speech"
    queue: ClassVar[Queue] = Queue.TTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=20.0)
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    job_id: str
    user_id: str
    text: str
    voice_id: str
    engine: str
    speed: int = 100
    message: MessageVoice | None = None

    @property
    def manner(self) -> Manner:
        """Return how it is spoken."""
        return Manner(self.voice_id, self.engine, self.speed)

    @property
    def voice(self) -> str:
        """Return the name of the voice that is wanted."""
        return voice_hash(self.text, self.manner)

    def fair_share_group(self) -> str | None:
        """Return who asked."""
        return self.user_id

    def awaited_as(self) -> str | None:
        """Return the asker's job."""
        return self.job_id
