"""The rules of voices: spoken once, heard by everybody who asked, and made again when they are gone."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.models import JobRecord
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.voice.contract import AudioReady, SpeechPart, SpeechReady, SpeechStatus, SynthesizeSpeech
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
    Wish,
    audio_key,
    cleaned,
    each_once,
    joined,
    words_key,
)
from shared.domains.voice.ports import AudioStore, Hearing, Shelf, Studio
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.ports import JobQueue, Metrics
from shared.kernel.queues import POLICIES, Queue
from shared.kernel.sentences import breaths
from shared.kernel.topics import user_topic

FIRST_BREATH = 120
"""Characters of the part that is heard first."""
LONGEST_BREATH = 500
"""Characters of the others: each is two calls to the engine."""
LEASE_SECONDS = 60.0
FAILURES = POLICIES[Queue.TTS].attempts
PART_PATIENCE = timedelta(seconds=2)
"""How long the voice of a whole answer waits for sentences that others are speaking; a sentence takes about one."""
_LOOK_SECONDS = 0.1


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
    found = shelf.find(wish.voice)
    if found is None:
        start(job_id)
        jobs.enqueue(SynthesizeSpeech.of(wish, job_id))
        return None
    metrics.count("voice_characters_saved", found.characters)
    if wish.message is not None:
        jobs.enqueue(_kept(wish.message, found.id))
    heard = {"durationMs": found.duration_ms, "voiceId": found.voice_id}
    return SpeechReady.model_validate(addresses(found.id, shelf.audio) | heard)


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
    return SpeechStatus.of(record, result)


def synthesize_speech(job: SynthesizeSpeech, *, studio: Studio) -> None:
    """Make a voice where nobody has or does, and tell every job that waits for it.

    Whoever may make the voice begins at once. Whoever may not is noted as waiting before looking at the voice, and
    those who wait are read after it is stored: so each is told, by this run or by the one that makes the voice.

    Raises:
        Unavailable: something did not answer; another run may succeed.
        Unspeakable, SpeakerRefused: no other run will; everybody who waits was told.
    """
    fence = _begin(job, studio, seen=0)
    if fence is None:
        seen = _left_to_us(job, studio)
        fence = None if seen is None else _begin(job, studio, seen=seen)
    if fence is None:
        return
    if job.sentence is None:
        studio.tracker.progress(job.job_id, "speaking")
    _make(_Making(job, fence, studio, [job.asker]))


def _begin(job: SynthesizeSpeech, studio: Studio, *, seen: int) -> int | None:
    return studio.shelf.voices.begin(job.voice, job.job_id, seen=seen, lease_seconds=LEASE_SECONDS)


def _left_to_us(job: SynthesizeSpeech, studio: Studio) -> int | None:
    """Note a job as waiting, and tell it where its voice is there; return the fence seen where nobody makes it."""
    shelf = studio.shelf
    shelf.voices.ask(job.voice, job.asker)
    found = shelf.voices.get(job.voice)
    if found is not None and shelf.is_there(found):
        _tell(found, studio)
        return None
    return None if shelf.is_being_made(found) else found.seen if found else 0


@dataclass(slots=True)
class _Making:
    """A voice that this run makes: `untold` is the job that nobody knows of but this run, until it is told."""

    job: SynthesizeSpeech
    fence: int
    studio: Studio
    untold: list[Asker]
    told: list[Asker] = field(default_factory=list)
    has_audio: bool = False

    def hear(self, audio: bytes) -> None:
        """Let a sentence be heard while the times of its words are still asked for; that must not cost the voice."""
        shelf, voice = self.studio.shelf, self.job.voice
        shelf.keep_audio(voice, audio)
        self.has_audio = True
        with suppress(Unavailable):
            for asker in self.untold:
                _tell_of_sentence(asker, voice, self.studio)
            self.told, self.untold = self.untold, []


def _make(making: _Making) -> Spoken:
    """Speak a text, store it, and tell who waits.

    Raises:
        Unavailable: another took the voice over and did not make it either, besides what speaking raises.
    """
    job, studio = making.job, making.studio
    try:
        spoken = _spoken(making)
        made = studio.shelf.keep(job.text, job.manner, spoken, fence=making.fence, has_audio=making.has_audio)
    except Exception as problem:  # whatever it is, the voice must be free for the next run
        _give_up(making, problem)
        raise
    if studio.shelf.voices.finish(made):
        _tell(made, studio, making.untold, making.told)
    elif making.untold and _left_to_us(job, studio) is not None:
        raise Unavailable("The voice was not made.", "음성을 만들지 못했습니다.")
    return spoken


def _spoken(making: _Making) -> Spoken:
    job, studio = making.job, making.studio
    if job.parts:
        until = studio.shelf.clock.now() + PART_PATIENCE
        return joined(job.text, [_part(text, making, until) for text in job.parts])
    is_shown = bool(making.untold) and job.sentence is None
    texts = breaths(job.text, first=FIRST_BREATH if is_shown else LONGEST_BREATH, longest=LONGEST_BREATH)
    if not texts:
        raise Unspeakable
    heard = making.hear if job.sentence and len(texts) == 1 else None
    spoken: list[Spoken] = []
    shown: list[SpeechPart] = []
    for index, text in enumerate(texts):
        spoken.append(_speak(text, making, heard))
        if is_shown and len(texts) > 1:
            shown.append(studio.shelf.keep_part(job.voice, index, spoken[-1]))
            _tell_parts(making, shown)
    return joined(job.text, spoken)


def _speak(text: str, making: _Making, heard: Hearing | None = None) -> Spoken:
    spoken = making.studio.speaker.speak(text, making.job.manner, heard=heard)
    making.studio.metrics.count("voice_characters_spoken", len(text))
    return spoken


def _part(text: str, making: _Making, until: datetime) -> Spoken:
    """Return a sentence of a whole: as it was spoken already, or spoken now, as a voice of its own where it is free."""
    studio = making.studio
    job = making.job.model_copy(update={"text": text, "parts": None, "message": None})
    found = studio.shelf.voices.get(job.voice)
    while studio.shelf.is_being_made(found) and studio.shelf.clock.now() < until:
        studio.shelf.clock.sleep(_LOOK_SECONDS)
        found = studio.shelf.voices.get(job.voice)
    taken = studio.shelf.take(found)
    if taken is not None:
        studio.metrics.count("voice_characters_saved", len(text))
        return taken
    fence = _begin(job, studio, seen=found.seen if found else 0)
    if fence is None:
        return _spoken(_Making(job, 0, studio, []))
    return _make(_Making(job, fence, studio, []))


def _tell_parts(making: _Making, shown: list[SpeechPart]) -> None:
    """Tell those who wait what can be heard already; a push that fails must not cost what was spoken."""
    with suppress(Unavailable):
        for asker in each_once(*making.studio.shelf.voices.askers(making.job.voice), *making.untold):
            if asker.sentence is None:
                making.studio.tracker.progress(asker.job_id, "speaking", {"parts": [part.wire() for part in shown]})


def _tell(voice: Voice, studio: Studio, untold: Sequence[Asker] = (), told_before: Sequence[Asker] = ()) -> None:
    """Tell every job that waits and was not told before; those that could not be told are told by the next run.

    Raises:
        Unavailable: some could not be told.
    """
    noted = studio.shelf.voices.askers(voice.id)
    missed: Unavailable | None = None
    told = list(told_before)
    for asker in each_once(*noted, *untold):
        try:
            if asker not in told_before:
                _tell_one(asker, voice, studio)
            told.append(asker)
        except Unavailable as problem:
            missed = problem
    studio.shelf.voices.forget(voice.id, [one for one in noted if one in told])
    if missed is not None:
        raise missed


def _tell_one(asker: Asker, voice: Voice, studio: Studio) -> None:
    if asker.sentence is not None:
        return _tell_of_sentence(asker, voice.id, studio)
    result = {"voice": voice.id, "durationMs": voice.duration_ms, "voiceId": voice.voice_id}
    studio.tracker.complete(asker.job_id, addresses(voice.id, studio.shelf.audio) | result)
    if asker.message is not None:
        studio.jobs.enqueue(_kept(asker.message, voice.id))
    return None


def _tell_of_sentence(asker: Asker, voice: str, studio: Studio) -> None:
    if asker.sentence is not None and asker.user_id is not None:
        ready = AudioReady(audio_url=studio.shelf.address(voice), **dict(asker.sentence))
        studio.events.publish(user_topic(asker.user_id), ready)


def _give_up(making: _Making, problem: Exception) -> None:
    """Free a voice, and tell those who wait where no run will make it, or none did so often."""
    voices, voice = making.studio.shelf.voices, making.job.voice
    failures = voices.give_up(voice, making.fence)
    is_refused = isinstance(problem, DomainError) and not isinstance(problem, Unavailable)
    if not is_refused and failures < FAILURES:
        for asker in making.untold:  # another's run may succeed before the next of this job
            voices.ask(voice, asker)
        return
    code = problem.code if isinstance(problem, DomainError) else DomainError.code
    noted = voices.askers(voice)
    for asker in each_once(*noted, *making.untold):
        if asker.sentence is None:
            making.studio.tracker.fail(asker.job_id, code)
    voices.forget(voice, noted)
