"""Which words a learner uses: over and over, once, and never though they hear them."""

from collections import Counter
from functools import cache
from typing import Any

from cefrpy import CEFRAnalyzer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

LEVELS = ("beginner", "intermediate", "advanced")
_BANDS = {"beginner": (1.0, 2.5), "intermediate": (2.5, 4.5), "advanced": (4.0, 6.0)}
"""From A1 as 1 to C2 as 6, by the word lists of the Common European Framework."""
_NAMES = ("A1", "A2", "B1", "B2", "C1", "C2")
_MOST = 20
_OFTEN = 5
_FACTOR = 3.0
"""A word is over-used that one says this many times as often, for all one says, as those one talks with."""


@cache
def _analyzer() -> CEFRAnalyzer:
    return CEFRAnalyzer()


def word_report(used: Counter[str], heard: Counter[str], level: str) -> dict[str, Any]:
    """Return how many words a learner uses, and up to 20 of each kind, the most telling first."""
    own = Counter({word: count for word, count in used.items() if _is_counted(word)})
    others = Counter({word: count for word, count in heard.items() if _is_counted(word)})
    return {
        "level": level,
        "total": own.total(),
        "distinct": len(own),
        "overused": _listed(own, {word: _overuse(word, own, others) for word in own}),
        "seldom": _listed(own, {word: _once_at_level(word, own, level) for word in own}),
        "neverTried": _listed(others, {word: _untried(word, own, others, level) for word in others}),
    }


def _listed(words: Counter[str], scored: dict[str, float]) -> list[dict[str, Any]]:
    best = sorted((word for word in scored if scored[word] > 0), key=lambda word: (-scored[word], word))[:_MOST]
    return [{"word": word, "count": words[word], "level": _level_name(word)} for word in best]


def _overuse(word: str, own: Counter[str], others: Counter[str]) -> float:
    if own[word] < _OFTEN:
        return 0.0
    share = own[word] / max(1, own.total())
    usual = (others[word] + 1) / max(1, others.total() + len(others))
    return share / usual if share > _FACTOR * usual else 0.0


def _once_at_level(word: str, own: Counter[str], level: str) -> float:
    found = _level(word)
    return found if own[word] == 1 and found is not None and found >= _BANDS[level][0] else 0.0


def _untried(word: str, own: Counter[str], heard: Counter[str], level: str) -> float:
    found, (lowest, highest) = _level(word), _BANDS[level]
    is_wanted = word not in own and found is not None and lowest <= found <= highest
    return float(heard[word]) if is_wanted else 0.0


def _is_counted(word: str) -> bool:
    return len(word) > 2 and "'" not in word and word not in ENGLISH_STOP_WORDS


def _level(word: str) -> float | None:
    found = _analyzer().get_average_word_level_float(word)
    return None if found is None else float(found)


def _level_name(word: str) -> str | None:
    found = _level(word)
    return None if found is None else _NAMES[min(5, max(0, round(found) - 1))]
