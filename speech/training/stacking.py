"""The small models on top: what Whisper and the phone model add to scores that rest on the aligner, fitted on 42 clips.

The clips were chosen to spread the experts' marks; each counts by how common its marks are in the corpus.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.scoring.assess import Assessment, clip_row, phone_rows, word_rows
from speech.scoring.numbers import Linear, Reals
from speech.training.clips import Clip
from speech.training.corpus import MARKS, Corpus
from speech.training.fitting import weighted_ridge

PENALTY, CLIP_PENALTY = 5.0, 3.0
_BANDS = (3, 6, 8)
_CHOSEN = ("phone", "word", *MARKS)


class Rows(NamedTuple):
    """Features and marks, and by row which clip it is of."""

    features: NDArray[np.float64]
    marks: Reals
    owner: NDArray[np.int64]


def rows_by_kind(clips: list[Clip], assessed: list[Assessment]) -> dict[str, Rows]:
    """Return what is learnt from, for phones, words and each mark of a clip."""
    return {kind: _gathered(kind, clips, assessed) for kind in _CHOSEN}


def _gathered(kind: str, clips: list[Clip], assessed: list[Assessment]) -> Rows:
    features, marks, owner = [], list[float](), list[int]()
    for number, (clip, told) in enumerate(zip(clips, assessed, strict=True)):
        for row, mark in _pairs(kind, clip, told):
            features.append(row)
            marks.append(mark)
            owner.append(number)
    return Rows(np.array(features), np.array(marks), np.array(owner))


def _pairs(kind: str, clip: Clip, told: Assessment) -> list[tuple[Reals, float]]:
    if kind == "word":
        return [(row, one["accuracy"]) for row, one in zip(word_rows(told), clip.words, strict=True)]
    if kind != "phone":
        return [(clip_row(told, kind), (clip.marks or {})[kind])]
    rows = phone_rows(told)
    return [
        (rows[place], mark)
        for sounds, one in zip(told.evidence.sounds, clip.words, strict=True)
        if told.evidence.phones[sounds] == [re.sub(r"\d", "", phone) for phone in one["phones"]]
        for place, mark in zip(range(sounds.start, sounds.stop), one["phone_accuracy"], strict=True)
        if mark is not None
    ]


def weights_of(clips: list[Clip], corpus: Corpus) -> Reals:
    """Return how much each clip counts: the share of its band of marks in the corpus by that among the clips."""
    common = np.searchsorted(_BANDS, corpus.clip_marks["accuracy"])
    here = np.searchsorted(_BANDS, [clip.accuracy for clip in clips])
    shares = [(common == band).mean() / max(1e-9, (here == band).mean()) for band in range(len(_BANDS) + 1)]
    return np.array([shares[band] for band in here])


def fitted(rows: Rows, weights: Reals, kind: str) -> Linear:
    """Fit on all clips."""
    penalty = PENALTY if kind in ("phone", "word") else CLIP_PENALTY
    return weighted_ridge(rows.features, rows.marks, weights[rows.owner], penalty)


def left_out(rows: Rows, weights: Reals, kind: str, *, only: Callable[[Rows], Rows] = lambda rows: rows) -> Reals:
    """Return what each clip's rows get from a model that did not know its speaker (each has one clip)."""
    rows = only(rows)
    predicted = np.zeros(len(rows.marks))
    for clip in set(rows.owner.tolist()):
        its = rows.owner == clip
        others = Rows(rows.features[~its], rows.marks[~its], rows.owner[~its])
        predicted[its] = fitted(others, weights, kind).predict(rows.features[its])
    return predicted
