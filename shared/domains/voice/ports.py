"""What voices need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from shared.domains.voice.contract import SpeechPart
from shared.domains.voice.models import (
    Asker,
    Manner,
    Spoken,
    Voice,
    VoiceState,
    audio_key,
    part_key,
    read_spoken,
    voice_hash,
    words_key,
    written_words,
)
from shared.kernel.ports import Clock, EventBus, JobQueue, Metrics
from shared.kernel.times import instant, microseconds, timestamp

MP3 = "audio/mpeg"
KEEPS = timedelta(days=7) - timedelta(hours=2)
"""After this a voice is made again: its address is promised for an hour, and the bucket removes it after seven days."""

Hearing = Callable[[bytes], object]
"""Takes the MP3 of a text."""


class Speaker(Protocol):
    """Speaks."""

    def speak(self, text: str, manner: Manner, *, heard: Hearing | None = None) -> Spoken:
        """Return a text of at most 3000 characters as MP3, paid for by the character; files of one manner join.

        `heard` gets the audio as soon as it is there, before the times of its words; what it raises is raised.

        Raises:
            Unspeakable: the engine refuses the text or the voice.
            SpeakerRefused: the engine does not serve us.
        """


class AudioStore(Protocol):
    """Audio in the bucket; its lifecycle removes it after a week."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object, over one of the same key."""

    def get(self, key: str) -> bytes | None:
        """Return an object; None where it is not there."""

    def has(self, key: str) -> bool:
        """Tell whether it is there."""

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour; computed here, nothing is asked."""


class VoiceStore(Protocol):
    """Records of voices, and of the jobs that wait for them."""

    def get(self, voice: str) -> Voice | None:
        """Return a record as it stands after every write so far."""

    def begin(self, voice: str, holder: str, *, seen: int, lease_seconds: float) -> int | None:
        """Take a voice to make it and return the fence, where it is free; of many at once one gets it.

        It is free where there is none, where its maker's lease ended or `holder` is that maker, and where it is READY
        with the fence that was `seen`: whoever saw that its audio is gone.
        """

    def finish(self, voice: Voice) -> bool:
        """Store a made voice, where its fence still holds; tell whether it did."""

    def give_up(self, voice: str, fence: int) -> int:
        """Free a voice that could not be made; return how often in a row, 0 where another has it."""

    def ask(self, voice: str, asker: Asker) -> None:
        """Note that a job waits; again changes nothing."""

    def askers(self, voice: str) -> list[Asker]:
        """Return the jobs that wait, all those that were noted before."""

    def forget(self, voice: str, askers: list[Asker]) -> None:
        """Remove jobs that were told."""


class SpeechJobs(Protocol):
    """The clients that wait; what has ended is never changed, and a push that is lost is found by asking."""

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far a job is."""

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End a job well."""

    def fail(self, job_id: str, error: str) -> None:
        """End a job with the code of an error."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where voices are kept."""

    voices: VoiceStore
    audio: AudioStore
    clock: Clock

    def is_there(self, voice: Voice | None) -> bool:
        """Tell whether a voice can be heard for an hour from now: its record is not trusted where its audio is gone."""
        return voice is not None and self._is_fresh(voice) and self.audio.has(audio_key(voice.id))

    def find(self, voice: str) -> Voice | None:
        """Return a voice that can be heard for an hour from now."""
        found = self.voices.get(voice)
        return found if self.is_there(found) else None

    def is_being_made(self, voice: Voice | None) -> bool:
        """Tell whether somebody makes a voice now."""
        return voice is not None and voice.is_being_made(microseconds(self.clock.now()) // 1000)

    def take(self, voice: Voice | None) -> Spoken | None:
        """Return what was spoken, where it can be heard for an hour from now."""
        if voice is None or not self._is_fresh(voice):
            return None
        audio, words = self.audio.get(audio_key(voice.id)), self.audio.get(words_key(voice.id))
        return None if audio is None or words is None else read_spoken(audio, words)

    def keep(self, text: str, manner: Manner, spoken: Spoken, *, fence: int, has_audio: bool) -> Voice:
        """Put a voice into the bucket, the audio only where it is not there yet; return the record to be stored."""
        voice = voice_hash(text, manner)
        self.audio.put(words_key(voice), written_words(text, spoken), "application/json")
        if not has_audio:
            self.keep_audio(voice, spoken.audio)
        return Voice(
            id=voice,
            state=VoiceState.READY,
            fence=fence,
            voice_id=manner.voice_id,
            characters=len(text),
            duration_ms=spoken.duration_ms,
            made_at=timestamp(self.clock.now()),
        )

    def keep_audio(self, voice: str, audio: bytes) -> None:
        """Put the MP3 of a voice into the bucket."""
        self.audio.put(audio_key(voice), audio, MP3)

    def keep_part(self, voice: str, index: int, spoken: Spoken) -> SpeechPart:
        """Put a part into the bucket that is heard before the whole is there."""
        key = part_key(voice, index)
        self.audio.put(key, spoken.audio, MP3)
        return SpeechPart(index=index, audio_url=self.audio.signed_url(key), duration_ms=spoken.duration_ms)

    def address(self, voice: str) -> str:
        """Return where a voice is heard, good for one hour."""
        return self.audio.signed_url(audio_key(voice))

    def _is_fresh(self, voice: Voice) -> bool:
        is_ready = voice.state is VoiceState.READY and voice.made_at is not None
        return is_ready and self.clock.now() < instant(str(voice.made_at)) + KEEPS


@dataclass(frozen=True, slots=True)
class Studio:
    """What making voices rests on."""

    shelf: Shelf
    speaker: Speaker
    tracker: SpeechJobs
    jobs: JobQueue
    metrics: Metrics
    events: EventBus
