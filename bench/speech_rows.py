"""What the bench of speech rests on: clips, models that are loaded once, and rows of its table."""

import operator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from rapidfuzz.distance import Levenshtein

from speech.hearing.mel import RATE, Samples
from speech.phones.text import spoken_words
from speech.scoring.evidence import Witnesses
from speech.training.clips import Clip, read_clips
from speech.training.corpus import Corpus, read_corpus
from speech.training.stages import Stages, train
from speech.voice.speaker import RATE as VOICE_RATE
from speech.voice.speaker import SaidWord, Speaker

_COMPARED = {"≤": operator.le, "≥": operator.ge}


class Row(NamedTuple):
    """A figure, and what is promised of it, if anything is."""

    what: str
    figure: float
    shown: str
    promised: str = ""
    is_kept: bool | None = None

    @property
    def verdict(self) -> str:
        """Return whether the promise is kept."""
        return "" if self.is_kept is None else "kept" if self.is_kept else "NOT KEPT"


def row(what: str, figure: float, form: str = "{:.3f}", promise: tuple[str, float] | None = None) -> Row:
    """Return a row; a promise is a sign and a bound."""
    if promise is None:
        return Row(what, figure, form.format(figure))
    sign, bound = promise
    return Row(what, figure, form.format(figure), f"{sign} {form.format(bound)}", _COMPARED[sign](figure, bound))


@dataclass
class Bench:
    """Clips, the corpus, and the models, each loaded at first use."""

    folder: Path
    clips: list[Clip]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Read the recordings."""
        return cls(folder, read_clips(folder))

    @property
    def natives(self) -> list[Clip]:
        """Return the recordings of natives."""
        return [clip for clip in self.clips if clip.marks is None]

    @property
    def learners(self) -> list[Clip]:
        """Return those of learners."""
        return [clip for clip in self.clips if clip.marks is not None]

    @cached_property
    def witnesses(self) -> Witnesses:
        """Return the recognisers."""
        return Witnesses()

    @cached_property
    def speaker(self) -> Speaker:
        """Return the voice."""
        return Speaker()

    @cached_property
    def corpus(self) -> Corpus:
        """Return the corpus's features and marks."""
        return read_corpus(self.folder / "so762_features.npz")

    @cached_property
    def stages(self) -> Stages:
        """Return models that were trained on the corpus's training half, now."""
        return train(self.corpus)

    def heard(self, samples: Samples) -> list[str]:
        """Return the words that are heard."""
        return spoken_words(self.witnesses.ear.hear(samples).text)

    def said(self, text: str, *, low: bool) -> tuple[Samples, list[SaidWord]]:
        """Return a text as the voice says it, at 16 kHz, and its words."""
        breaths = list(self.speaker.say(text, low=low))
        return at_16k(np.concatenate([one.samples for one in breaths])), [word for one in breaths for word in one.words]


def at_16k(samples: Samples) -> Samples:
    """Return the voice's samples at 16 kHz: the band above 8 kHz is taken away first."""
    spectrum = np.fft.rfft(samples)
    size = int(len(samples) * RATE / VOICE_RATE)
    return (np.fft.irfft(spectrum[: size // 2 + 1], size) * size / len(samples)).astype(np.int16)


def errors(wanted: list[str], heard: list[str]) -> int:
    """Return how many words must be put in, taken out or replaced."""
    return int(Levenshtein.distance(wanted, heard))


def word_error_rate(pairs: list[tuple[list[str], list[str]]]) -> float:
    """Return the share of words that are wrong, in percent, over all sentences."""
    return 100 * sum(errors(wanted, heard) for wanted, heard in pairs) / sum(len(wanted) for wanted, _ in pairs)
