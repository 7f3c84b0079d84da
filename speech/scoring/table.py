"""Sounds, words and recordings as arrays: of one recording, or of a whole corpus, in one layout.

Sounds and words lie in the order of recordings. Times are in frames of 10 ms.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from speech.phones.alignment import Alignment
from speech.phones.arpabet import INDEX
from speech.phones.goodness import Goodness

Numbers = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """By sound: `features`, `ratios`, `posteriors`, `energy` (see `goodness`), which `phone` and which `phone_word`.

    By word: its recording, start and length, and its sounds [first, first + count). By recording: `frames`; `silences`
    are rows of recording, start and length.
    """

    features: Numbers
    ratios: Numbers
    posteriors: Numbers
    energy: Numbers
    phone: Integers
    phone_word: Integers
    word_clip: Integers
    word_start: Integers
    word_frames: Integers
    word_first: Integers
    word_phones: Integers
    frames: Integers
    silences: Integers

    @cached_property
    def phone_clip(self) -> Integers:
        """Return which recording each sound is of."""
        return self.word_clip[self.phone_word]

    @cached_property
    def phones_of(self) -> list[slice]:
        """Return the sounds of each recording."""
        return _runs(self.phone_clip, len(self.frames))

    @cached_property
    def words_of(self) -> list[slice]:
        """Return the words of each recording."""
        return _runs(self.word_clip, len(self.frames))

    @cached_property
    def silences_of(self) -> list[slice]:
        """Return the silences of each recording."""
        return _runs(self.silences[:, 0], len(self.frames))


def _runs(owners: Integers, count: int) -> list[slice]:
    starts = np.searchsorted(owners, np.arange(count))
    ends = np.searchsorted(owners, np.arange(count), side="right")
    return [slice(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def table_of(alignment: Alignment, goodness: Goodness) -> Table:
    """Return the table of one recording."""
    words = [word for word in alignment.words if not word.is_silence]
    silences = [(0, word.start, word.frames) for word in alignment.words if word.is_silence]
    counts = np.array([len(word.phones) for word in words])
    return Table(
        features=goodness.features,
        ratios=goodness.ratios,
        posteriors=goodness.posteriors,
        energy=goodness.energy,
        phone=np.array([INDEX[phone.name] for word in words for phone in word.phones]),
        phone_word=np.repeat(np.arange(len(words)), counts),
        word_clip=np.zeros(len(words), np.int64),
        word_start=np.array([word.start for word in words]),
        word_frames=np.array([word.frames for word in words]),
        word_first=np.concatenate([[0], np.cumsum(counts)[:-1]]),
        word_phones=counts,
        frames=np.array([len(alignment.likelihoods)]),
        silences=np.array(silences, np.int64).reshape(-1, 3),
    )
