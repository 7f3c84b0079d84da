"""From evidence and alignment to scores: by models trained on the corpus, and on top of them what the others say."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.hearing.mel import Samples
from speech.phones.goodness import goodness
from speech.phones.senones import States
from speech.scoring.evidence import Evidence
from speech.scoring.features import phone_features, word_features
from speech.scoring.fluency import clip_features
from speech.scoring.numbers import Model, Reals
from speech.scoring.table import Table, table_of

_LEAST_FIT, _LEAST_LIKELIHOOD = -12.0, -8.0
CLIP_MARKS = ("accuracy", "fluency", "prosodic", "total")

Rows = NDArray[np.float64]


class Assessment(NamedTuple):
    """What the models of the corpus say: by sound 0 to 2, by word 0 to 10, of the recording 0 to 10 by mark."""

    evidence: Evidence
    table: Table
    phones: Reals
    words: Reals
    marks: dict[str, float]


class Scores(NamedTuple):
    """What the product tells: by sound 0 to 2, by word 0 to 10, of the recording 0 to 10 by mark."""

    phones: Reals
    words: Reals
    marks: dict[str, float]


def assess(samples: Samples, evidence: Evidence, states: States, models: dict[str, Model]) -> Assessment | None:
    """Return what the models of the corpus say; None where the sentence could not be aligned."""
    if evidence.alignment is None:
        return None
    table = table_of(evidence.alignment, goodness(samples, evidence.alignment, states))
    phones = models["phone"].predict(phone_features(table))
    words = np.clip(models["word"].predict(word_features(table, phones.astype(np.float32))), 0, 10)
    row = clip_features(table, phones.astype(np.float32), words.astype(np.float32))
    marks = {mark: float(np.clip(models[mark].predict(row)[0], 0, 10)) for mark in CLIP_MARKS}
    return Assessment(evidence, table, phones, words, marks)


def scored(told: Assessment, models: dict[str, Model]) -> Scores:
    """Return the scores, by the small models `top.…`."""
    phones = np.clip(models["top.phone"].predict(phone_rows(told)), 0, 2)
    words = np.clip(models["top.word"].predict(word_rows(told)), 0, 10)
    marks = {
        mark: float(np.clip(models[f"top.{mark}"].predict(clip_row(told, mark)[None])[0], 0, 10)) for mark in CLIP_MARKS
    }
    return Scores(phones, words, marks)


def phone_rows(told: Assessment) -> Rows:
    """Return one row a sound: its score, how it fits by the phone model, and its word's likelihood by Whisper."""
    fits = np.maximum(_LEAST_FIT, told.evidence.fits)
    of_word = np.repeat(_likelihoods(told), [one.stop - one.start for one in told.evidence.sounds], 0)
    return np.hstack([told.phones[:, None], fits[:, None], of_word])


def word_rows(told: Assessment) -> Rows:
    """Return one row a word, of the same."""
    fits = np.maximum(_LEAST_FIT, told.evidence.fits)
    of_word = np.array([fits[sounds].mean() for sounds in told.evidence.sounds])
    return np.hstack([told.words[:, None], of_word[:, None], _likelihoods(told)])


def clip_row(told: Assessment, mark: str) -> Reals:
    """Return the row of the recording for a mark."""
    fits = np.maximum(_LEAST_FIT, told.evidence.fits)
    means = [mean for mean, _ in told.evidence.likelihoods]
    return np.array([told.marks[mark], fits.mean(), np.mean(means)])


def _likelihoods(told: Assessment) -> Rows:
    return np.asarray(np.maximum(_LEAST_LIKELIHOOD, told.evidence.likelihoods), np.float64)
