"""One row of numbers for each conversation, in which Korean and English that mean the same are near each other."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from graph_engine.encoders.korean import Korean
from graph_engine.encoders.means import shipped_mean
from graph_engine.encoders.sentence_encoders import MiniLM, SentenceEncoders
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.progress import UNDERSTOOD, Step, Told
from graph_engine.vectors import Matrix, direction, unit
from graph_engine.words import Wording

LIGHT_FROM = 12_000
"""From so many conversations on the multilingual encoder works alone: a quarter of the time, 0.05 AMI worse."""
_WIDE_SHARE = 0.7
"""The multilingual vectors' weight beside MiniLM's; figures in docs/decisions."""
_TELL_EVERY = 200
_FEWEST_FOR_WORDS = 30
_MOST_TERMS = 60_000
_LARGE = 20_000


class Features(NamedTuple):
    """What conversations are compared by; `meaning` alone is what a search is compared with."""

    rows: Matrix
    meaning: Matrix


class Understanding:
    """Turns wordings into rows."""

    def __init__(self, encoders: SentenceEncoders, korean: Korean, cache: VectorCache, *, is_light: bool) -> None:
        """Load the networks.

        Raises:
            ModelsMissing: they were not built.
        """
        self._korean, self._cache = korean, cache
        self._wide = encoders.wide
        self._fine = None if is_light else encoders.fine

    def rows(self, wordings: Sequence[Wording], told: Told) -> Features:
        """Return a row of length one for each wording, in their order."""
        count = len(wordings)
        meaning = np.zeros((count, self._wide.width), np.float32)
        fine = np.zeros((count, 0 if self._fine is None else self._fine.width), np.float32)
        for place, wording in enumerate(wordings):
            if place % _TELL_EVERY == 0:
                told(Step(UNDERSTOOD, place, count))
            meaning[place] = self._wide_vector(wording)
            if self._fine is not None:
                fine[place] = self._fine_vector(wording, self._fine)
        both = meaning if self._fine is None else unit(np.hstack([unit(fine), _WIDE_SHARE * unit(meaning)]))
        return Features(_with_words(unit(both), wordings), unit(meaning))

    def _wide_vector(self, wording: Wording) -> Matrix:
        version = self._wide.version
        return self._mixed(
            wording,
            lambda: self._cached(version, wording.english, self._wide.encode) - shipped_mean("use", "en"),
            lambda: self._cached(version, wording.korean, self._wide.encode) - shipped_mean("use", "ko"),
        )

    def _fine_vector(self, wording: Wording, encoder: MiniLM) -> Matrix:
        return self._mixed(
            wording,
            lambda: self._cached(encoder.version, wording.english, encoder.encode) - shipped_mean("minilm", "en"),
            lambda: (
                self._cached(self._korean.version, wording.korean, lambda _text: self._aligned(wording))
                - shipped_mean("minilm", "ko")
            ),
        )

    def _aligned(self, wording: Wording) -> Matrix:
        return self._korean.encode(wording.morphemes)

    def _mixed(self, wording: Wording, english: Callable[[], Matrix], korean: Callable[[], Matrix]) -> Matrix:
        """Return the mean of both languages' directions, weighted by how much was said in each."""
        total = max(1e-9, wording.english_words + wording.korean_weight)
        parts = []
        if wording.english_words:
            parts.append(direction(english()) * (wording.english_words / total))
        if wording.morphemes:
            parts.append(direction(korean()) * (wording.korean_weight / total))
        return np.sum(parts, axis=0, dtype=np.float32) if parts else np.zeros(1, np.float32)

    def _cached(self, version: str, text: str, encode: Callable[[str], Matrix]) -> Matrix:
        found = self._cache.find(version, text)
        return self._cache.keep(version, text, encode(text)) if found is None else found


def _with_words(rows: Matrix, wordings: Sequence[Wording]) -> Matrix:
    """Add what the words themselves say; the more words there are, the more they count."""
    words = _word_rows(wordings)
    if words is None:
        return rows
    counts = np.array([len(wording.tokens) for wording in wordings])
    share = np.clip(0.3 + 0.5 * counts / 50, 0.3, 0.8)[:, None]
    return unit(np.hstack([rows, share * words]))


def _word_rows(wordings: Sequence[Wording]) -> Matrix | None:
    """Return rows by TF-IDF, reduced to 200 dimensions; None where there are too few conversations or words."""
    if len(wordings) < _FEWEST_FOR_WORDS:
        return None
    counter = TfidfVectorizer(
        analyzer=list, sublinear_tf=True, min_df=2, max_df=0.4, max_features=_MOST_TERMS, dtype=np.float32
    )
    try:
        table = counter.fit_transform([wording.tokens for wording in wordings])
    except ValueError:  # no word occurs twice
        return None
    is_large = len(wordings) > _LARGE
    width = min(100 if is_large else 200, table.shape[1] - 1, len(wordings) - 1)
    if width <= 5:
        return None
    reduction = TruncatedSVD(width, random_state=0, n_iter=2 if is_large else 4)
    return unit(reduction.fit_transform(table))
