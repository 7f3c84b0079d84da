"""Learning which words were missed or added, from made cases; and how well that goes for speakers left out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold

from speech.hearing.ear import Hearing
from speech.phones.posteriors import Logs
from speech.scoring.evidence import Witnesses
from speech.scoring.miscues import EXTRA_FROM, MISSED_FROM, Rows, extra_rows, missed_rows
from speech.scoring.numbers import Logistic
from speech.training.cases import Case
from speech.training.fitting import logistic

FOLDS = 8
NOT_COUNTED_MISSED = frozenset({"near"})
NOT_COUNTED_EXTRA = frozenset({"near", "repeat"})
"""Kinds that are made and learnt from, and reported apart: words that sound alike, and a word that is said twice."""


class Observed(NamedTuple):
    """What is seen of a case: a row a word, a row a candidate, and which word each candidate is."""

    case: Case
    missed: Rows
    extra: Rows
    candidates: list[str]

    @property
    def is_missed(self) -> np.ndarray:
        """Return the truth by word."""
        return np.array([place in self.case.missed for place in range(len(self.case.words))])

    @property
    def is_extra(self) -> np.ndarray:
        """Return the truth by candidate; of one word said once, one candidate is it."""
        left = Counter(self.case.extra)
        found = []
        for word in self.candidates:
            found.append(left[word] > 0)
            left[word] -= found[-1]
        return np.array(found, bool)


class Predicted(NamedTuple):
    """What was said of a case by models that did not know its speaker."""

    case: Case
    missed: set[int]
    extra: list[str]


class Figures(NamedTuple):
    """Shares: missed words found, said words called missed, extra words found; and false extras in 100 words."""

    cases: int
    found: float
    falsely_missed: float
    extras_found: float
    false_extras: float


def observe(cases: Iterable[Case], witnesses: Witnesses) -> Iterator[Observed]:
    """Give what is seen of each case: about half a second each; what is the same recording is heard once."""
    heard: dict[int, tuple[Hearing, Logs]] = {}
    for case in cases:
        key = id(case.samples)
        if key not in heard:
            heard = {key: (witnesses.ear.hear(case.samples), witnesses.phone_model.posteriors(case.samples))}
        hearing, logs = heard[key]
        if not hearing.parts:
            continue  # too short, or no voice: nothing is judged in production either
        told = witnesses.testify(hearing, logs, case.words, witnesses.aligned(case.samples, case.words))
        names = [told.heard[one.heard].word for one in told.candidates]
        yield Observed(case, missed_rows(told), extra_rows(told), names)


def fit(observed: list[Observed]) -> tuple[Logistic, Logistic]:
    """Fit the models of missed and of extra words."""
    missed = logistic(np.vstack([one.missed for one in observed]), np.concatenate([one.is_missed for one in observed]))
    extra = logistic(np.vstack([one.extra for one in observed]), np.concatenate([one.is_extra for one in observed]))
    return missed, extra


def cross_validated(observed: list[Observed]) -> list[Predicted]:
    """Return what models say of each case that were fitted without its speaker."""
    speakers = [one.case.clip.speaker for one in observed]
    predicted: list[Predicted] = []
    for inside, outside in GroupKFold(FOLDS).split(observed, groups=speakers):
        missed, extra = fit([observed[number] for number in inside])
        predicted += [_predicted(observed[number], missed, extra) for number in outside]
    return predicted


def _predicted(one: Observed, missed: Logistic, extra: Logistic) -> Predicted:
    said = extra.predict(one.extra) > EXTRA_FROM if len(one.extra) else np.zeros(0, bool)
    words = [word for word, is_said in zip(one.candidates, said, strict=True) if is_said]
    return Predicted(one.case, {int(at) for at in np.flatnonzero(missed.predict(one.missed) > MISSED_FROM)}, words)


def figures(predicted: list[Predicted]) -> Figures:
    """Count over cases."""
    found = missed = false = said = extras = added = invented = words = 0
    for one in predicted:
        case = one.case
        if case.kind not in NOT_COUNTED_MISSED:
            found, missed = found + len(case.missed & one.missed), missed + len(case.missed)
        false, said = false + len(one.missed - case.missed), said + len(case.words) - len(case.missed)
        right = (Counter(case.extra) & Counter(one.extra)).total()
        if case.kind not in NOT_COUNTED_EXTRA:
            extras, added = extras + right, added + len(case.extra)
        invented, words = invented + len(one.extra) - right, words + len(case.words)
    shares = (found / max(1, missed), false / max(1, said), extras / max(1, added), 100 * invented / max(1, words))
    return Figures(len(predicted), *shares)
