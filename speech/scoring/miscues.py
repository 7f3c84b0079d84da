"""Which words of a sentence were not said, and which were said that are not in it: two logistic models on the evidence.

Each is asked about one word. Missed is a word above `MISSED_FROM`, extra one above `EXTRA_FROM`: the limits were set
before the figures of docs/speech.md were taken.
"""

import numpy as np
from numpy.typing import NDArray

from speech.scoring.evidence import Evidence
from speech.scoring.numbers import Logistic

MISSED_FROM, EXTRA_FROM = 0.4, 0.5
_NO_SWAP = -6.0

Rows = NDArray[np.float64]


def missed_rows(told: Evidence) -> Rows:
    """Return 16 numbers a word of the sentence."""
    by_word = {match.wanted: match for match in told.matches if match.wanted is not None}
    swaps = {one.wanted: one.swap for one in told.candidates if one.wanted is not None and one.swap is not None}
    means = np.maximum(-8, [mean for mean, _ in told.likelihoods])
    fits = np.array([np.clip(told.fits[sounds], -15, 0).mean() for sounds in told.sounds])
    share = _share_same(told)
    rows = []
    for word, sounds in enumerate(told.sounds):
        match, size, lost = by_word[word], sounds.stop - sounds.start, told.without[word]
        sure = told.heard[match.heard].probability if match.heard is not None else 0.0
        swap = np.clip(swaps[word] / size, -6, 6) if word in swaps else _NO_SWAP
        rows.append(
            [
                match.distance,
                float(match.is_same),
                sure,
                means[word],
                max(-10.0, told.likelihoods[word][1]),
                means[word] - np.median(means),
                np.clip(lost / size, -5, 8),
                np.clip(lost, -10, 30),
                fits[word],
                fits[word] - np.median(fits),
                min(size, 8),
                told.log_probability,
                share,
                np.clip(told.base, -2, 0),
                swap,
                float(word in swaps),
            ]
        )
    return np.array(rows, np.float64)


def extra_rows(told: Evidence) -> Rows:
    """Return 12 numbers a candidate."""
    share = _share_same(told)
    rows = []
    for one in told.candidates:
        heard = told.heard[one.heard]
        size = told.sounds[one.wanted] if one.wanted is not None else slice(0, 1)
        rows.append(
            [
                one.add / one.phones,
                np.clip(one.add, -20, 20),
                np.clip(one.swap / one.phones, -6, 6) if one.swap is not None else 0.0,
                float(one.wanted is not None),
                one.distance,
                heard.probability,
                one.phones,
                told.log_probability,
                max(-8.0, told.likelihoods[one.wanted][0]) if one.wanted is not None else 0.0,
                told.without[one.wanted] / (size.stop - size.start) if one.wanted is not None else 0.0,
                heard.end - heard.start,
                share,
            ]
        )
    return np.array(rows, np.float64).reshape(-1, 12)


def missed_words(told: Evidence, model: Logistic) -> set[int]:
    """Return the places of the words that were not said."""
    return {int(place) for place in np.flatnonzero(model.predict(missed_rows(told)) > MISSED_FROM)}


def extra_words(told: Evidence, model: Logistic) -> list[int]:
    """Return which candidates were said and are not in the sentence."""
    if not told.candidates:
        return []
    return [int(place) for place in np.flatnonzero(model.predict(extra_rows(told)) > EXTRA_FROM)]


def _share_same(told: Evidence) -> float:
    return float(np.mean([match.is_same for match in told.matches if match.wanted is not None]))
