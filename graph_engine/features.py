"""One row of numbers for each conversation, in which Korean and English that mean the same are near each other."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from graph_engine.encoders.korean import Korean
from graph_engine.encoders.means import shipped_mean
from graph_engine.encoders.sentence_encoders import MiniLM, MultilingualEncoder, SentenceEncoders
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.progress import UNDERSTOOD, Step, Told
from graph_engine.vectors import Matrix, Space, unit
from graph_engine.words import Wording

LIGHT_FROM = 12_000
"""From so many conversations on the multilingual encoder works alone: a quarter of the time, 0.05 AMI worse."""
_WIDE_SHARE = 0.7
"""The multilingual vectors' weight beside MiniLM's; figures in docs/decisions."""
_TELL_EVERY = 200
_OWN_MEAN_FROM = 20
"""With more texts of a language than this their own mean is taken away, which is better than the one we ship."""
_FEWEST_FOR_WORDS = 30
_MOST_TERMS = 60_000
_LARGE = 20_000
_ROWS_AT_ONCE = 4_096
"""So many rows are joined in double precision at a time."""


class Features(NamedTuple):
    """What conversations are compared by; `meaning` alone is what a search is compared with."""

    rows: Matrix
    meaning: Space


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

    def features(self, wordings: Sequence[Wording], told: Told) -> Features:
        """Return a row of length one for each wording, in their order."""
        meaning = self._meaning(wordings, told, self._wide)
        rows = meaning.rows
        if self._fine is not None:
            fine = self._likeness(wordings, told, self._fine)
            rows = unit(np.hstack([fine.rows, _WIDE_SHARE * meaning.rows]))
        return Features(_with_words(rows, wordings), meaning)

    def _meaning(self, wordings: Sequence[Wording], told: Told, encoder: MultilingualEncoder) -> Space:
        def encoded(text: str) -> Matrix:
            return self._cached(encoder.version, text, encoder.encode)

        tell = _teller(told, len(wordings))
        english, korean = np.zeros((2, len(wordings), encoder.width), np.float32)
        for place, wording in enumerate(wordings):
            tell(place)
            if wording.english_words:
                english[place] = encoded(wording.english)
            if wording.morphemes:
                korean[place] = encoded(wording.korean)
        return _space("use", wordings, english, korean)

    def _likeness(self, wordings: Sequence[Wording], told: Told, encoder: MiniLM) -> Space:
        tell = _teller(told, len(wordings))
        english, korean = np.zeros((2, len(wordings), encoder.width), np.float32)
        for place, wording in enumerate(wordings):
            tell(place)
            if wording.english_words:
                english[place] = self._cached(encoder.version, wording.english, encoder.encode)
            if wording.morphemes:
                korean[place] = self._aligned(wording)
        return _space("minilm", wordings, english, korean)

    def _aligned(self, wording: Wording) -> Matrix:
        morphemes = wording.morphemes
        return self._cached(self._korean.version, wording.korean, lambda _text: self._korean.encode(morphemes))

    def _cached(self, version: str, text: str, encode: Callable[[str], Matrix]) -> Matrix:
        found = self._cache.find(version, text)
        return self._cache.keep(version, text, encode(text)) if found is None else found


def _teller(told: Told, count: int) -> Callable[[int], None]:
    def tell(place: int) -> None:
        if place % _TELL_EVERY == 0:
            told(Step(UNDERSTOOD, place, count))

    return tell


def _space(model: str, wordings: Sequence[Wording], english: Matrix, korean: Matrix) -> Space:
    """Bring both languages into one space: each without its mean; a text in both is their mean by how much was said."""
    said_english = np.array([one.english_words for one in wordings], np.float32).reshape(-1, 1)
    said_korean = np.array([one.korean_weight for one in wordings], np.float32).reshape(-1, 1)
    total = np.maximum(1e-9, said_english + said_korean)
    means = [
        _mean_of(shipped_mean(model, language), vectors, said.ravel() > 0)
        for language, vectors, said in (("en", english, said_english), ("ko", korean, said_korean))
    ]
    rows = np.zeros_like(english)
    for vectors, said, mean in zip((english, korean), (said_english, said_korean), means, strict=True):
        has = said.ravel() > 0
        rows[has] += unit(vectors[has] - mean) * (said[has] / total[has])
    return Space(unit(rows), *means)


def _mean_of(shipped: Matrix, vectors: Matrix, has: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Matrix:
    return np.asarray(vectors[has].mean(0) if has.sum() > _OWN_MEAN_FROM else shipped, np.float32)


def _with_words(rows: Matrix, wordings: Sequence[Wording]) -> Matrix:
    """Add what the words themselves say; the more words there are, the more they count."""
    words = _word_rows(wordings)
    if words is None:
        return rows
    counts = np.array([len(wording.tokens) for wording in wordings])
    share = np.clip(0.3 + 0.5 * counts / 50, 0.3, 0.8)[:, None]
    joined = np.empty((len(rows), rows.shape[1] + words.shape[1]), np.float32)
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        part = slice(begin, begin + _ROWS_AT_ONCE)
        joined[part] = unit(np.hstack([rows[part], share[part] * words[part]]))
    return joined


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
