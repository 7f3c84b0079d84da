"""The rules of making voices: spoken once, and made again when they are gone."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domains.voice.contract import SpeechPart, SynthesizeLongSpeech, SynthesizeSpeech
from shared.domains.voice.errors import Unspeakable
from shared.domains.voice.models import Asker, Spoken, each_once, joined
from shared.domains.voice.ports import Hearing
from shared.domains.voice.rules.studio import Studio
from shared.domains.voice.rules.telling import tell_askers, tell_failure, tell_of_sentence, tell_parts
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.isolation import on_fault
from shared.kernel.queues import POLICIES
from shared.kernel.sentences import breaths

FIRST_BREATH = 120
"""Characters of the part that is heard first."""
LONGEST_BREATH = 500
"""Characters of the others: each is two calls to the engine."""
LONG_BREATH = 250
"""Characters of the parts of a long text: the engine's patience is for one, however slow it is just now."""
PART_PATIENCE = timedelta(seconds=2)
"""How long the voice of a whole answer waits for sentences that others are speaking; a sentence takes about one."""
_LOOK_SECONDS = 0.1


def synthesize_speech(job: SynthesizeSpeech, *, studio: Studio) -> None:
    """Make a voice where nobody has or does, and tell every job that waits for it.

    A job that may make the voice begins at once. A job that may not is noted as waiting before it looks at the voice,
    and waiting jobs are read after it is stored: so each is told, by this run or by the one that makes the voice.

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
    longest = POLICIES[job.queue].task_limit
    return studio.shelf.voices.begin(job.voice, job.job_id, seen=seen, lease_seconds=longest)


def _left_to_us(job: SynthesizeSpeech, studio: Studio) -> int | None:
    """Note a job as waiting, and tell it where its voice is there; return the fence seen where nobody makes it."""
    shelf = studio.shelf
    shelf.voices.ask(job.voice, job.asker)
    found = shelf.voices.get(job.voice)
    if found is not None and shelf.is_there(found):
        tell_askers(found, studio)
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
                tell_of_sentence(asker, voice, self.studio)
            self.told, self.untold = self.untold, []


def _make(making: _Making) -> Spoken:
    """Speak a text, store it, and tell the jobs that wait.

    Raises:
        Unavailable: another took the voice over and did not make it either, besides what speaking raises.
    """
    job, studio = making.job, making.studio
    with on_fault(_give_up, making):  # whatever it is, the voice must be free for the next run
        spoken = _spoken(making)
        made = studio.shelf.keep(job.text, job.manner, spoken, fence=making.fence, has_audio=making.has_audio)
    if studio.shelf.voices.finish(made):
        tell_askers(made, studio, making.untold, making.told)
    elif making.untold and _left_to_us(job, studio) is not None:
        raise Unavailable("The voice was not made.", "음성을 만들지 못했습니다.")
    return spoken


def _spoken(making: _Making) -> Spoken:
    job, studio = making.job, making.studio
    if job.parts:
        until = studio.shelf.clock.now() + PART_PATIENCE
        return joined(job.text, [_part(text, making, until) for text in job.parts])
    is_shown = bool(making.untold) and job.sentence is None
    longest = LONG_BREATH if isinstance(job, SynthesizeLongSpeech) else LONGEST_BREATH
    texts = breaths(job.text, first=FIRST_BREATH if is_shown else longest, longest=longest)
    if not texts:
        raise Unspeakable
    heard = making.hear if job.sentence and len(texts) == 1 else None
    spoken: list[Spoken] = []
    shown: list[SpeechPart] = []
    for index, text in enumerate(texts):
        kept = studio.shelf.take_part(job.voice, index, text) if isinstance(job, SynthesizeLongSpeech) else None
        spoken.append(kept or _speak(text, making, heard))
        if is_shown and len(texts) > 1:
            shown.append(studio.shelf.keep_part(job.voice, index, text, spoken[-1]))
            tell_parts(job.voice, shown, studio, making.untold)
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


def _give_up(problem: Exception, making: _Making) -> None:
    """Free a voice, and tell those who wait where no run will make it, or none did so often."""
    voices, voice = making.studio.shelf.voices, making.job.voice
    failures = voices.give_up(voice, making.fence)
    is_refused = isinstance(problem, DomainError) and not isinstance(problem, Unavailable)
    if not is_refused and failures < (making.job.retry.attempts or POLICIES[making.job.queue].attempts):
        for asker in making.untold:  # another's run may succeed before the next of this job
            voices.ask(voice, asker)
        return
    code = problem.code if isinstance(problem, DomainError) else DomainError.code
    noted = voices.askers(voice)
    for asker in each_once(*noted, *making.untold):
        tell_failure(asker, code, making.studio)
    voices.forget(voice, noted)
