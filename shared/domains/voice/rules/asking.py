"""The rules of asking for a voice, and of how far it is: what is there is heard at once."""

from collections.abc import Callable
from typing import Any

from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.models import JobRecord
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.voice.contract import SpeechReady, SpeechStatus, SynthesizeSpeech
from shared.domains.voice.errors import Unspeakable
from shared.domains.voice.models import (
    TTS,
    VOICE_OF,
    Manner,
    MessageVoice,
    VoiceRole,
    Wish,
    audio_key,
    cleaned,
    words_key,
)
from shared.domains.voice.ports import AudioStore
from shared.domains.voice.rules.shelf import Shelf
from shared.kernel.ports import JobQueue, JobTracker, Metrics


def addresses(voice: str, audio: AudioStore) -> dict[str, str]:
    """Return the presigned addresses of a voice, good for one hour."""
    return {"audioUrl": audio.signed_url(audio_key(voice)), "wordsUrl": audio.signed_url(words_key(voice))}


def manner_of(asked: str | None, *, default: str, engine: str) -> Manner:
    """Return how to speak for a voice that was named, by its role or its name, or not at all."""
    named = VOICE_OF[VoiceRole(asked)] if asked in set(VoiceRole) else asked
    return Manner(named or default, engine)


def request_speech(
    wish: Wish,
    *,
    job_id: str,
    admit: Callable[[Wish, str], None],
    tracker: JobTracker,
    shelf: Shelf,
    jobs: JobQueue,
    metrics: Metrics,
) -> SpeechReady | None:
    """Return a voice that is there; else ask `admit` whether it may be made, record the job,
    queue it, and return None.

    The same wish again, by anybody, speaks nothing again.

    Raises:
        Unspeakable: there is nothing in the text that could be heard.
    """
    if not cleaned(wish.text):
        raise Unspeakable
    found = shelf.find(wish.voice)
    if found is None:
        admit(wish, job_id)
        tracker.record(job_id, TTS, wish.user_id)
        jobs.enqueue(SynthesizeSpeech.of(wish, job_id))
        return None
    metrics.count("voice_characters_saved", found.characters)
    if wish.message is not None:
        jobs.enqueue(keep_voice_key_job(wish.message, found.id))
    heard = {"durationMs": found.duration_ms, "voiceId": found.voice_id}
    return SpeechReady.model_validate(addresses(found.id, shelf.audio) | heard)


def keep_voice_key_job(message: MessageVoice, voice: str) -> KeepVoiceKey:
    """Return the job that notes on a message where it is heard."""
    return KeepVoiceKey(
        room_id=message.room_id, message_id=message.message_id, voice=message.role.value, key=audio_key(voice)
    )


def current_result(result: dict[str, Any] | None, *, audio: AudioStore) -> dict[str, Any] | None:
    """Return a job's result with a voice's addresses made anew, and without them where its audio is gone."""
    if result is None or "voice" not in result:
        return result
    voice = str(result["voice"])
    kept = {name: value for name, value in result.items() if name not in ("voice", "audioUrl", "wordsUrl")}
    return kept | (addresses(voice, audio) if audio.has(audio_key(voice)) else {})


def show_speech(record: JobRecord, *, audio: AudioStore) -> SpeechStatus:
    """Return how far a job is; the addresses are made anew, and left out where the audio is gone: ask for it again.

    Raises:
        JobNotFound: it is a job of another kind.
    """
    if record.kind != TTS:
        raise JobNotFound
    result = current_result(record.result, audio=audio) or {}
    return SpeechStatus.of(record, result)
