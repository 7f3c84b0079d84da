"""The recogniser PocketSphinx, with the general English model that lies in its package; nothing is downloaded.

What it hears of free speech is a guess. Words that it got wrong, by speaker: readers of books 28 %, espeak-ng's voices
(the laptop's Polly) 37 to 40 %, learners with an accent 78 %. Its confidences say how little it knows.
"""

import random
from array import array
from typing import Any, NamedTuple

from pocketsphinx import Decoder, Vad

from embedded.transcribe.sound import RATE

FRAMES_A_SECOND = 100
LEAST_VOICED_SECONDS = 0.2
"""Shorter than "no"; of silence the model would make a word ("dog")."""
_VAD_FRAME_SECONDS = 0.03
_MARGIN_SECONDS = 0.3
_MARGIN_LEVEL = 8
"""Faint noise before and after: with it a quarter fewer words are wrong of voices that begin at once."""


class Word(NamedTuple):
    """A word, when it begins and ends, in seconds, and how sure it is, from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class Recogniser:
    """One decoder: 140 MB, half a second to make, one recording at a time, at 0.3 of its duration on an idle core."""

    def __init__(self) -> None:
        # Means over the whole recording: no recording depends on those before it.
        self._decoder = Decoder(cmn="batch", loglevel="FATAL")
        self._margin = _faint_noise()

    def words(self, samples: bytes) -> list[Word]:
        """Return what is said; nothing where hardly anything is voiced."""
        if _voiced_seconds(samples) < LEAST_VOICED_SECONDS:
            return []
        self._decoder.start_utt()
        self._decoder.process_raw(self._margin + samples + self._margin, no_search=False, full_utt=True)
        self._decoder.end_utt()
        if self._decoder.hyp() is None:
            return []
        return [_word(part, len(samples)) for part in self._decoder.seg() if part.word[0] not in "<[+"]


def _word(part: Any, size: int) -> Word:
    """Return a word without the number of its pronunciation, and its place in the recording without the margin."""
    name, first, last, sure = part.word, part.start_frame, part.end_frame, part.prob
    longest = size / (2 * RATE)
    start, end = (min(longest, max(0.0, frame / FRAMES_A_SECOND - _MARGIN_SECONDS)) for frame in (first, last + 1))
    return Word(name.partition("(")[0], round(start, 3), round(end, 3), round(min(1.0, max(0.0, sure)), 4))


def _voiced_seconds(samples: bytes) -> float:
    detector = Vad(mode=1, sample_rate=RATE, frame_length=_VAD_FRAME_SECONDS)
    size: int = detector.frame_bytes
    frames = (samples[start : start + size] for start in range(0, len(samples) - size + 1, size))
    return sum(1 for frame in frames if detector.is_speech(frame)) * _VAD_FRAME_SECONDS


def _faint_noise() -> bytes:
    """Return the same noise each time, so that a recording is always heard alike."""
    chance = random.Random(1)
    return array("h", (int(chance.gauss(0, _MARGIN_LEVEL)) for _ in range(int(RATE * _MARGIN_SECONDS)))).tobytes()
