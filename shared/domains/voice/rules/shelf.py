"""Where voices are kept: their records in the table, their audio in the bucket."""

from dataclasses import dataclass
from datetime import timedelta

import orjson

from shared.domains.voice.contract import SpeechPart
from shared.domains.voice.models import (
    Manner,
    Spoken,
    Voice,
    VoiceState,
    audio_key,
    part_key,
    part_words_key,
    read_spoken,
    voice_hash,
    words_key,
    written_words,
)
from shared.domains.voice.ports import AudioStore, VoiceStore
from shared.kernel.ports import Clock
from shared.kernel.times import instant, microseconds, timestamp

MP3 = "audio/mpeg"
KEEPS = timedelta(days=7) - timedelta(hours=2)
"""After this a voice is made again: its address is promised for an hour, and the bucket removes it after seven days."""


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

    def take_part(self, voice: str, index: int, text: str) -> Spoken | None:
        """Return a part as a run before this one spoke it; None where there is none, or it is of another text."""
        words = self.audio.get(part_words_key(voice, index))
        if words is None or orjson.loads(words)["text"] != text:
            return None
        audio = self.audio.get(part_key(voice, index))
        return None if audio is None else read_spoken(audio, words)

    def keep_part(self, voice: str, index: int, text: str, spoken: Spoken) -> SpeechPart:
        """Put a part into the bucket that is heard before the whole is there."""
        key = part_key(voice, index)
        self.audio.put(key, spoken.audio, MP3)
        self.audio.put(part_words_key(voice, index), written_words(text, spoken), "application/json")
        return SpeechPart(index=index, audio_url=self.audio.signed_url(key), duration_ms=spoken.duration_ms)

    def address(self, voice: str) -> str:
        """Return where a voice is heard, good for one hour."""
        return self.audio.signed_url(audio_key(voice))

    def words_address(self, voice: str) -> str:
        """Return where the times of its words are read, good for one hour."""
        return self.audio.signed_url(words_key(voice))

    def _is_fresh(self, voice: Voice) -> bool:
        is_ready = voice.state is VoiceState.READY and voice.made_at is not None
        return is_ready and self.clock.now() < instant(str(voice.made_at)) + KEEPS
