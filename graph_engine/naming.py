"""What a group of conversations is about, in a few of its own words."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

KEYWORDS = 8
_NAME_WORDS = 3
_LOOKED_AT = 400
"""Of a large group so many conversations, the most typical, say what it is about."""
_CANDIDATES = 60
_BIGRAM_FACTOR = 1.25
_SAME_BEGINNING = 5
_NUMBERED = re.compile(r" \(\d+\)$")
NAMELESS = "misc"


class Keyword(NamedTuple):
    """A term of one or two words, and how telling it is; the best of a group has 1."""

    term: str
    score: float


@dataclass(slots=True)
class _Group:
    size: int
    frequency: Counter[str]
    """How often a term is used, damped within each conversation."""
    spread: Counter[str]
    """How many conversations use it."""


def terms(tokens: Sequence[str]) -> list[str]:
    """Return the words of a text and the pairs of words in it."""
    return [*tokens, *(f"{one} {other}" for one, other in pairwise(tokens) if one != other)]


def keywords(
    tokens: Sequence[Sequence[str]], groups: Mapping[str, Sequence[int]], most: int = KEYWORDS
) -> dict[str, list[Keyword]]:
    """Return the most telling terms of each group, best first; members are given most typical first.

    A term counts by its share in the group, by how rare it is in the others, and by how many of the group's
    conversations use it; one conversation alone names nothing (class-based TF-IDF).
    """
    counted = {name: _counted(tokens, members[:_LOOKED_AT]) for name, members in groups.items()}
    total: Counter[str] = Counter()
    for group in counted.values():
        for term, value in group.frequency.items():
            total[term] += value
    mean = sum(total.values()) / max(1, len(counted))
    return {name: _best(group, total, mean, most) for name, group in counted.items()}


def _counted(tokens: Sequence[Sequence[str]], members: Sequence[int]) -> _Group:
    group = _Group(len(members), Counter(), Counter())
    for member in members:
        for term, count in Counter(terms(tokens[member])).items():
            group.frequency[term] += 1 + math.log(count)  # type: ignore[assignment]
            group.spread[term] += 1
    return group


def _best(group: _Group, total: Mapping[str, float], mean: float, most: int) -> list[Keyword]:
    fewest = 2 if group.size > 3 else 1
    whole = sum(group.frequency.values()) or 1
    scored = []
    for term, frequency in group.frequency.items():
        if group.spread[term] < fewest:
            continue
        score = frequency / whole * math.log(1 + mean / total[term]) * math.sqrt(group.spread[term] / group.size)
        scored.append((-score * (_BIGRAM_FACTOR if " " in term else 1), term))
    kept: list[tuple[float, str]] = []
    for score, term in sorted(scored)[:_CANDIDATES]:
        if len(kept) < most and not any(_says_the_same(term, other) for _, other in kept):
            kept.append((-score, term))
    return [Keyword(term, round(score / kept[0][0], 4)) for score, term in kept]


def _says_the_same(one: str, other: str) -> bool:
    if one in other or other in one or set(one.split()) & set(other.split()):
        return True
    return len(one) >= _SAME_BEGINNING and one[:_SAME_BEGINNING] == other[:_SAME_BEGINNING]


def name_of(found: Sequence[Keyword]) -> str:
    """Return a name from the best keywords."""
    return ", ".join(keyword.term for keyword in found[:_NAME_WORDS]) or NAMELESS


def is_still_said(name: str, tokens: Sequence[Sequence[str]], members: Sequence[int]) -> bool:
    """Tell whether each term of a name still stands in two of the group's conversations.

    What was deleted must not live on in a name.
    """
    spread: Counter[str] = Counter()
    for member in members:
        spread.update(set(terms(tokens[member])))
    return all(spread[term] >= 2 for term in _NUMBERED.sub("", name).split(", "))


def distinct(name: str, taken: set[str]) -> str:
    """Return a name that nobody has, with a number where it must be, and take it."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    taken.add(found)
    return found


def own_keywords(tokens: Sequence[str], spread: Mapping[str, int], count: int, most: int = 5) -> list[Keyword]:
    """Return the words that tell one conversation from the others."""
    scores = {
        word: (1 + math.log(times)) * math.log(1 + count / max(1, spread[word]))
        for word, times in Counter(tokens).items()
    }
    best = sorted(scores, key=lambda word: (-scores[word], word))[:most]
    return [Keyword(word, round(scores[word], 3)) for word in best]
