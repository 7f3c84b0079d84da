"""The rules of voices: spoken once, heard by everybody who asked, and made again when they are gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.voice.contract import SpeechPart, SpeechReady, SpeechStatus, SynthesizeSpeech
from shared.domains.voice.errors import Unspeakable
from shared.domains.voice.models import (
    TTS,
    VOICE_OF,
    Asker,
    Manner,
    MessageVoice,
    Role,
    Spoken,
    Voice,
    VoiceState,
    Wish,
    audio_key,
    cleaned,
    joined,
    part_key,
    words_key,
)
from shared.domains.voice.ports import AudioStore, Speaker, SpeechJobs, VoiceStore
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.ports import Clock, JobQueue, Metrics
from shared.kernel.queues import POLICIES, Queue
from shared.kernel.sentences import breaths
from shared.kernel.times import instant, microseconds, timestamp

FIRST_BREATH = 120
"""Characters of the part that is heard first."""
LONGEST_BREATH = 500
"""Characters of the others: each is two calls to the engine."""
LEASE_SECONDS = 60.0
KEEPS = timedelta(days=7) - timedelta(hours=2)
"""After this a voice is made again: its address is promised for an hour, and the bucket removes it after seven days."""
FAILURES = POLICIES[Queue.TTS].attempts

MP3 = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where voices are kept."""

    voices: VoiceStore
    audio: AudioStore
    clock: Clock

    def is_there(self, voice: Voice | None) -> bool:
        """Tell whether a voice can be heard for an hour from now: its record is not trusted where its audio is gone."""
        if voice is None or voice.state is not VoiceState.READY or voice.made_at is None:
            return False
        is_fresh = self.clock.now() < instant(voice.made_at) + KEEPS
        return is_fresh and self.audio.has(audio_key(voice.id))


def addresses(voice: str, audio: AudioStore) -> dict[str, str]:
    """Return the presigned addresses of a voice, good for one hour."""
    return {"audioUrl": audio.signed_url(audio_key(voice)), "wordsUrl": audio.signed_url(words_key(voice))}


def manner_of(asked: str | None, *, default: str, engine: str) -> Manner:
    """Return how to speak for a voice that was named, by its role or its name, or not at all."""
    named = VOICE_OF[Role(asked)] if asked in set(Role) else asked
    return Manner(named or default, engine)


def request_speech(
    wish: Wish,
    *,
    job_id: str,
    start: Callable[[str], object],
    shelf: Shelf,
    jobs: JobQueue,
    metrics: Metrics,
) -> SpeechReady | None:
    """Return a voice that is there; else record the job by `start`, queue it, and return None.

    The same wish again, by anybody, speaks nothing again.

    Raises:
        Unspeakable: there is nothing in the text that could be heard.
    """
    if not cleaned(wish.text):
        raise Unspeakable
    found = shelf.voices.get(wish.voice)
    if found is None or not shelf.is_there(found):
        start(job_id)
        jobs.enqueue(_job(wish, job_id))
        return None
    metrics.count("voice_characters_saved", found.characters)
    if wish.message is not None:
        jobs.enqueue(_kept(wish.message, found.id))
    heard = {"durationMs": found.duration_ms, "voiceId": found.voice_id}
    return SpeechReady.model_validate(addresses(found.id, shelf.audio) | heard)


def _job(wish: Wish, job_id: str) -> SynthesizeSpeech:
    return SynthesizeSpeech(
        job_id=job_id, user_id=wish.user_id, text=cleaned(wish.text), message=wish.message, **wish.manner._asdict()
    )


def _kept(message: MessageVoice, voice: str) -> KeepVoiceKey:
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
    is_cancelled = record.status is JobStatus.CANCELLED
    return SpeechStatus.model_validate(
        result
        | {
            "jobId": record.job_id,
            "status": (JobStatus.FAILED if is_cancelled else record.status).value,
            "error": "CANCELLED" if is_cancelled else record.error,
        }
    )


@dataclass(frozen=True, slots=True)
class Studio:
    """What making voices rests on."""

    shelf: Shelf
    speaker: Speaker
    tracker: SpeechJobs
    jobs: JobQueue
    metrics: Metrics


def synthesize_speech(job: SynthesizeSpeech, *, studio: Studio) -> None:
    """Make a voice where nobody has or does, and tell every job that waits for it.

    A job is noted as waiting before the voice is looked at, and those who wait are read after it is stored: so each
    is told, by this run or by the one that makes the voice. A run that does not make it ends at once.

    Raises:
        Unavailable: something did not answer; another run may succeed.
        Unspeakable, SpeakerRefused: no other run will; everybody who waits was told.
    """
    shelf, voice = studio.shelf, job.voice
    shelf.voices.ask(voice, Asker(job_id=job.job_id, message=job.message))
    found = shelf.voices.get(voice)
    if found is not None and shelf.is_there(found):
        _tell(found, studio)
        return
    if _is_made_by_another(found, job, shelf.clock):
        return
    # Only a READY one was seen to be gone: one that was being made may be READY by now, with the same fence.
    seen = found.fence if found is not None and found.state is VoiceState.READY else 0
    fence = shelf.voices.begin(voice, job.job_id, seen=seen, lease_seconds=LEASE_SECONDS)
    if fence is None:
        return
    try:
        made = _make(job, fence, studio)
    except Exception as problem:  # whatever it is, the voice must be free for the next run
        _give_up(voice, fence, problem, studio)
        raise
    if shelf.voices.finish(made):
        _tell(made, studio)


def _is_made_by_another(found: Voice | None, job: SynthesizeSpeech, clock: Clock) -> bool:
    if found is None or found.state is not VoiceState.MAKING or found.holder == job.job_id:
        return False
    return found.lease_until > microseconds(clock.now()) // 1000


def _make(job: SynthesizeSpeech, fence: int, studio: Studio) -> Voice:
    """Speak a text part by part, letting each be heard as it comes, and store the whole."""
    voice, audio = job.voice, studio.shelf.audio
    parts = breaths(job.text, first=FIRST_BREATH, longest=LONGEST_BREATH)
    studio.tracker.progress(job.job_id, "speaking")
    spoken: list[Spoken] = []
    heard: list[dict[str, Any]] = []
    for index, part in enumerate(parts):
        spoken.append(studio.speaker.speak(part, job.manner))
        studio.metrics.count("voice_characters_spoken", len(part))
        if len(parts) > 1:
            heard.append(_heard(voice, index, spoken[-1], audio))
            _tell_parts(voice, heard, studio)
    whole = joined(job.text, spoken)
    words = {"text": job.text, "durationMs": whole.duration_ms, "words": [word.wire() for word in whole.words]}
    audio.put(words_key(voice), orjson.dumps(words), "application/json")
    audio.put(audio_key(voice), whole.audio, MP3)
    return Voice(
        id=voice,
        state=VoiceState.READY,
        fence=fence,
        voice_id=job.voice_id,
        characters=len(job.text),
        duration_ms=whole.duration_ms,
        made_at=timestamp(studio.shelf.clock.now()),
    )


def _heard(voice: str, index: int, spoken: Spoken, audio: AudioStore) -> dict[str, Any]:
    key = part_key(voice, index)
    audio.put(key, spoken.audio, MP3)
    return SpeechPart(index=index, audio_url=audio.signed_url(key), duration_ms=spoken.duration_ms).wire()


def _tell_parts(voice: str, heard: list[dict[str, Any]], studio: Studio) -> None:
    """Tell those who wait what can be heard already; a push that fails must not cost what was spoken."""
    try:
        for asker in studio.shelf.voices.askers(voice):
            studio.tracker.progress(asker.job_id, "speaking", {"parts": list(heard)})
    except Unavailable:
        return


def _tell(voice: Voice, studio: Studio) -> None:
    """Complete every job that waits; those that could not be told are told by the next run.

    Raises:
        Unavailable: some could not be told.
    """
    result = addresses(voice.id, studio.shelf.audio) | {
        "voice": voice.id,
        "durationMs": voice.duration_ms,
        "voiceId": voice.voice_id,
    }
    told: list[Asker] = []
    missed: Unavailable | None = None
    for asker in studio.shelf.voices.askers(voice.id):
        try:
            studio.tracker.complete(asker.job_id, dict(result))
            if asker.message is not None:
                studio.jobs.enqueue(_kept(asker.message, voice.id))
            told.append(asker)
        except Unavailable as problem:
            missed = problem
    studio.shelf.voices.forget(voice.id, told)
    if missed is not None:
        raise missed


def _give_up(voice: str, fence: int, problem: Exception, studio: Studio) -> None:
    """Free a voice, and tell those who wait where no run will make it, or none did so often."""
    failures = studio.shelf.voices.give_up(voice, fence)
    is_refused = isinstance(problem, DomainError) and not isinstance(problem, Unavailable)
    if not is_refused and failures < FAILURES:
        return
    askers = studio.shelf.voices.askers(voice)
    for asker in askers:
        studio.tracker.fail(asker.job_id, problem.code if isinstance(problem, DomainError) else DomainError.code)
    studio.shelf.voices.forget(voice, askers)
