"""Phones, then words, then recordings: each stage sees what the one before predicted for speakers unknown to it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from speech.scoring.features import phone_features, word_features
from speech.scoring.fluency import clip_features
from speech.scoring.numbers import Model, Reals
from speech.training.corpus import MARKS, Corpus
from speech.training.fitting import kernel, per_phone, ridge

FOLDS = 5
Fit = Callable[[NDArray[np.floating], Reals], Model]


class Stages(NamedTuple):
    """The models by name, and how well each predicts the test half: Pearson's correlation with the experts."""

    models: dict[str, Model]
    figures: dict[str, float]


class _Rows(NamedTuple):
    features: NDArray[np.floating]
    marks: Reals
    is_test: NDArray[np.bool_]
    speaker: NDArray[np.str_]


def train(corpus: Corpus) -> Stages:
    """Fit on the training half of the corpus, and test on the other; half a minute."""
    table, models, figures = corpus.table, dict[str, Model](), dict[str, float]()

    def stage(name: str, rows: _Rows, fit: Fit) -> NDArray[np.float32]:
        models[name], predicted = _fitted(rows, fit)
        known = rows.is_test & ~np.isnan(rows.marks)
        figures[name] = correlation(predicted[known], rows.marks[known])
        return predicted.astype(np.float32)

    def rows_of(features: NDArray[np.floating], marks: Reals, owner: NDArray[np.int64]) -> _Rows:
        return _Rows(features, marks, corpus.is_test[owner], corpus.speaker[owner])

    phones = stage("phone", rows_of(phone_features(table), corpus.phone_marks, table.phone_clip), per_phone)
    words = stage("word", rows_of(word_features(table, phones), corpus.word_marks, table.word_clip), ridge)
    aligned = np.flatnonzero([part.start < part.stop for part in table.phones_of])
    features = clip_features(table, phones, words)
    for mark in MARKS:
        stage(mark, rows_of(features, corpus.clip_marks[mark][aligned], aligned), kernel)
    return Stages(models, figures)


def correlation(predicted: Reals, marks: Reals) -> float:
    """Return Pearson's correlation."""
    return float(np.corrcoef(predicted, marks)[0, 1])


def _fitted(rows: _Rows, fit: Fit) -> tuple[Model, Reals]:
    """Return the model, and predictions by models that did not know the speaker: of the test half, by the model."""
    known = ~rows.is_test & ~np.isnan(rows.marks)
    predicted = np.zeros(len(rows.marks))
    training = np.flatnonzero(~rows.is_test)
    for inside, outside in GroupKFold(FOLDS).split(training, groups=rows.speaker[training]):
        seen = training[inside][known[training[inside]]]
        left_out = training[outside]
        predicted[left_out] = fit(rows.features[seen], rows.marks[seen]).predict(rows.features[left_out])
    model = fit(rows.features[known], rows.marks[known])
    predicted[rows.is_test] = model.predict(rows.features[rows.is_test])
    return model, predicted
