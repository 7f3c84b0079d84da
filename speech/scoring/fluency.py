"""What the models see of a whole recording: how its sounds and words were said, how fast, with which pauses and rhythm.

Times are in seconds. A pause is a silence of the alignment inside the speech. The rhythm of vowels is the nPVI of E.
Grabe & E. Low (2002): the mean difference of neighbours' lengths by their mean.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.phones.arpabet import INDEX, VOWELS
from speech.scoring.features import AT, summary
from speech.scoring.table import Numbers, Table

PAUSE, LONG_PAUSE = 0.15, 0.3
_FRAMES_A_SECOND = 100
_VOWELS = [INDEX[vowel] for vowel in VOWELS]
_TOLD = "gop gops lpp0 lpp1 asc ent fr num free rank silp lppmin lgop lfr lseg"
_COLUMNS = [AT[name] for name in _TOLD.split()]


class Rate(NamedTuple):
    """How fast somebody spoke: seconds from the first word to the last, and of it the silence; pauses in seconds."""

    seconds: float
    silence: float
    pauses: Numbers
    before: float
    after: float


def clip_features(table: Table, phone_scores: Numbers, word_scores: Numbers) -> Numbers:
    """Return one row for each recording that has sounds."""
    clips = [clip for clip, part in enumerate(table.phones_of) if part.start < part.stop]
    return np.array([_row(table, clip, phone_scores, word_scores) for clip in clips], np.float32)


def rate_of(table: Table, clip: int) -> Rate:
    """Return how fast somebody spoke."""
    words = table.words_of[clip]
    start = int(table.word_start[words.start])
    end = int(table.word_start[words.stop - 1] + table.word_frames[words.stop - 1])
    silences = table.silences[table.silences_of[clip]]
    inside = (silences[:, 1] >= start) & (silences[:, 1] + silences[:, 2] <= end)
    pauses = silences[inside, 2] / _FRAMES_A_SECOND
    after = float(table.frames[clip] - end)
    return Rate((end - start) / _FRAMES_A_SECOND, float(pauses.sum()), np.asarray(pauses, np.float32), start, after)


def _row(table: Table, clip: int, phone_scores: Numbers, word_scores: Numbers) -> list[float]:
    phones, words = table.phones_of[clip], table.words_of[clip]
    row = summary(phone_scores[phones]) + summary(word_scores[words])
    for column in _COLUMNS:
        told = table.features[phones, column]
        row += [float(one) for one in (told.mean(), *np.percentile(told, (10, 90)), told.std())]
    lengths, vowels = table.features[phones, AT["d"]], np.isin(table.phone[phones], _VOWELS)
    row += _speed(lengths, words.stop - words.start, rate_of(table, clip), int(table.frames[clip]))
    row += _rhythm(lengths, vowels)
    energy = table.energy[phones]
    of_vowels = energy[vowels].std() if vowels.any() else 0.0
    return [float(one) for one in (*row, energy.std(), np.ptp(energy), of_vowels)]


def _speed(lengths: Numbers, words: int, rate: Rate, frames: int) -> list[float]:
    count, pauses = len(lengths), rate.pauses
    told = [lengths.mean(), lengths.std(), np.log(lengths).std(), np.percentile(lengths, 90), lengths.max()]
    told += [count, words, count / rate.seconds, words / rate.seconds, rate.silence / rate.seconds]
    told += [(pauses >= PAUSE).sum(), (pauses >= LONG_PAUSE).sum(), pauses.max() if len(pauses) else 0.0]
    told += [len(pauses) / words, pauses.mean() if len(pauses) else 0.0, rate.before, rate.after, rate.seconds]
    told += [frames / _FRAMES_A_SECOND, count / max(0.01, rate.seconds - rate.silence)]
    return [float(one) for one in told]


def _rhythm(lengths: Numbers, is_vowel: NDArray[np.bool_]) -> list[float]:
    vowels, consonants = lengths[is_vowel], lengths[~is_vowel]
    vowels = vowels if len(vowels) else np.zeros(1, np.float32)
    consonants = consonants if len(consonants) else np.zeros(1, np.float32)
    steps = np.abs(np.diff(vowels))
    pairwise = 2 * steps / np.maximum(1, vowels[1:] + vowels[:-1])
    told = [vowels.mean(), vowels.std() / max(1, vowels.mean()), consonants.mean(), consonants.std()]
    told += [vowels.sum() / lengths.sum(), steps.mean() if len(steps) else 0.0]
    return [float(one) for one in (*told, pairwise.mean() if len(pairwise) else 0.0)]
