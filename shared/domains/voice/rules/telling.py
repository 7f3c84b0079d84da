"""The rules of telling the jobs that wait for a voice: each once, by whichever run made it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from shared.domains.practice.contract import KeepSentenceAudio
from shared.domains.voice.contract import AudioReady, SpeechPart
from shared.domains.voice.models import Asker, Voice, audio_key, each_once
from shared.domains.voice.rules.asking import addresses, keep_voice_key_job
from shared.domains.voice.rules.studio import Studio
from shared.kernel.errors import Unavailable
from shared.kernel.topics import user_topic


def tell_parts(voice: str, shown: list[SpeechPart], studio: Studio, untold: Sequence[Asker]) -> None:
    """Tell those who wait what can be heard already; a push that fails must not cost what was spoken."""
    with suppress(Unavailable):
        for asker in each_once(*studio.shelf.voices.askers(voice), *untold):
            if asker.sentence is None:
                studio.tracker.progress(asker.job_id, "speaking", {"parts": [part.wire() for part in shown]})


def tell_askers(voice: Voice, studio: Studio, untold: Sequence[Asker] = (), told_before: Sequence[Asker] = ()) -> None:
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
        return tell_of_sentence(asker, voice.id, studio)
    result = {"voice": voice.id, "durationMs": voice.duration_ms, "voiceId": voice.voice_id}
    studio.tracker.complete(asker.job_id, addresses(voice.id, studio.shelf.audio) | result)
    if asker.message is not None:
        studio.jobs.enqueue(keep_voice_key_job(asker.message, voice.id))
    _keep_in_session(asker, studio, s3key=audio_key(voice.id), duration_ms=voice.duration_ms)
    return None


def tell_failure(asker: Asker, code: str, studio: Studio) -> None:
    """Tell a job that there will be no voice; a sentence of an answer has none that could be told."""
    if asker.sentence is None:
        studio.tracker.fail(asker.job_id, code)
        _keep_in_session(asker, studio)


def _keep_in_session(asker: Asker, studio: Studio, **audio: Any) -> None:
    place = asker.session_sentence
    if place is not None:
        studio.jobs.enqueue(KeepSentenceAudio(session_id=place.session_id, sentence_index=place.index, **audio))


def tell_of_sentence(asker: Asker, voice: str, studio: Studio) -> None:
    """Push where a sentence is heard to the user who waits for it; a job that waits otherwise is passed over.

    Raises:
        Unavailable: the push was lost, so that nobody was told: a sentence has no Job by which it could be found.
    """
    if asker.sentence is not None and asker.user_id is not None:
        places = {"audio_url": studio.shelf.address(voice), "words_url": studio.shelf.words_address(voice)}
        ready = AudioReady(**places, **dict(asker.sentence))
        studio.events.publish(user_topic(asker.user_id), ready, must_arrive=True)
