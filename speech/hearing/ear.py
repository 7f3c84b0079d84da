"""The ear: what is said in a recording, and nothing where nobody speaks.

Whisper alone invents words: of 20 sounds that are no speech it made words of 17. What it says is believed only past the
guard, in this order: there is enough sound; the voice detector hears somebody; the model's own doubts are small; the
text does not go round in circles; and no mouth would have to say more than eight words a second.
"""

from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from speech.hearing.mel import RATE, Samples
from speech.hearing.voice_detection import Span, VoiceDetector
from speech.hearing.whisper import BEAM, Encoded, HeardWord, Transcript, Whisper

SHORTEST_SECONDS = 0.15
LEAST_SPEECH_SECONDS = 0.15
_NO_SPEECH, _DOUBTFUL = 0.6, -0.7
_ROUND_IN_CIRCLES = 2.4
_MOST_WORDS_A_SECOND = 8
_SHORTEST_SPEECH = 0.3
_UNBELIEVABLE = -1.5
STRETCH_SECONDS = 28.0
"""The longest part that is heard at once; longer recordings are parted at their longest pauses."""


class Doubt(StrEnum):
    """Why nothing is believed to have been said."""

    TOO_SHORT = "too short"
    NO_VOICE = "no voice"
    NO_SPEECH = "the model hears no speech"
    CIRCLES = "the text goes round in circles"
    TOO_FAST = "more words than a mouth can say"
    UNLIKELY = "the model does not believe it itself"


class Hearing(NamedTuple):
    """What was heard: words with their times in the recording, or why there are none.

    `log_probability` is the mean over its tokens; below -0.7 it is worth asking again. `speech_seconds` is how long
    somebody speaks. `parts` are the stretches that were heard at once, for asking the recogniser about other words;
    `spans` are where somebody speaks.
    """

    words: list[HeardWord]
    speech_seconds: float
    log_probability: float
    doubt: Doubt | None = None
    parts: tuple[tuple[Span, Encoded], ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """Return what was said, as it is written."""
        return " ".join(word.text for word in self.words)


class Ear:
    """One recogniser and one voice detector, one recording at a time: 250 MB."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load the models. Raises ModelMissing, ModelChanged."""
        self.whisper = Whisper(threads=threads)
        self._detector = VoiceDetector()

    def hear(self, samples: Samples, *, beam: int = BEAM) -> Hearing:
        """Return what is said in samples at 16 kHz; the same samples are always heard alike."""
        if len(samples) < SHORTEST_SECONDS * RATE:
            return Hearing([], 0.0, 0.0, Doubt.TOO_SHORT)
        spans = self._detector.spans(samples)
        if sum(span.seconds for span in spans) < LEAST_SPEECH_SECONDS:
            return Hearing([], sum(span.seconds for span in spans), 0.0, Doubt.NO_VOICE)
        heard = joined([self._stretch(samples, part, spans, beam) for part in stretches(len(samples), spans)])
        return heard._replace(spans=tuple(spans))

    def spans(self, samples: Samples) -> list[Span]:
        """Return where somebody speaks."""
        return self._detector.spans(samples)

    def _stretch(self, samples: Samples, part: Span, spans: list[Span], beam: int) -> Hearing:
        spoken = sum(min(one.end, part.end) - max(one.start, part.start) for one in spans if _overlap(one, part)) / RATE
        told = self.whisper.transcribe(samples[part.start : part.end], beam=beam)
        doubt = doubt_of(told, spoken)
        shift = part.start / RATE
        words = [word._replace(start=word.start + shift, end=word.end + shift) for word in told.words]
        return Hearing([] if doubt else words, spoken, told.log_probability, doubt, ((part, told.encoded),))


def doubt_of(told: Transcript, spoken: float) -> Doubt | None:
    """Return why a transcript of so many seconds of speech is not believed."""
    if told.no_speech > _NO_SPEECH and told.log_probability < _DOUBTFUL:
        return Doubt.NO_SPEECH
    if told.compression > _ROUND_IN_CIRCLES:
        return Doubt.CIRCLES
    if len(told.text.split()) / max(spoken, _SHORTEST_SPEECH) > _MOST_WORDS_A_SECOND:
        return Doubt.TOO_FAST
    return Doubt.UNLIKELY if told.log_probability < _UNBELIEVABLE else None


def stretches(size: int, spans: list[Span]) -> list[Span]:
    """Return parts of at most 28 s that hold all the speech, cut where the pauses are longest."""
    whole = Span(0, size)
    if whole.seconds <= STRETCH_SECONDS:
        return [whole]
    pauses = [Span(one.end, other.start) for one, other in pairwise(spans)]
    return [part for part in _cut(whole, pauses) if any(_overlap(span, part) for span in spans)]


def _cut(part: Span, pauses: list[Span]) -> list[Span]:
    if part.seconds <= STRETCH_SECONDS:
        return [part]
    inside = [pause for pause in pauses if part.start < pause.start and pause.end < part.end]
    reach = part.start + int(STRETCH_SECONDS * RATE)
    near = [pause for pause in inside if part.start + RATE < pause.start < reach]
    best = max(near, key=lambda pause: pause.seconds, default=None)
    at = (best.start + best.end) // 2 if best else reach
    return [Span(part.start, at), *_cut(Span(at, part.end), inside)]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def joined(parts: list[Hearing]) -> Hearing:
    """Return hearings of one recording as one; what is doubted of a part is left out of it."""
    words = [word for part in parts for word in part.words]
    spoken = sum(part.speech_seconds for part in parts)
    believed = [part for part in parts if part.words] or parts
    sure = sum(part.log_probability * part.speech_seconds for part in believed)
    weight = sum(part.speech_seconds for part in believed)
    doubt = None if words else next((part.doubt for part in parts if part.doubt), Doubt.NO_SPEECH)
    heard = tuple(one for part in parts for one in part.parts)
    return Hearing(words, spoken, sure / weight if weight else 0.0, doubt, heard)
