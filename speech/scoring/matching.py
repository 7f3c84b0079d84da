"""Which heard word is which word of the sentence, by how they sound: R. Wagner & M. Fischer (1974) over words."""

from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from speech.phones.lexicon import Lexicon

REPLACED = 1.6
"""What replacing costs, times the distance of the sounds; leaving out or adding costs 1."""
_ALMOST = 1e-9


class Match(NamedTuple):
    """Places in the sentence and in what was heard, None where there is none, and how far apart they sound (0 to 1)."""

    wanted: int | None
    heard: int | None
    distance: float

    @property
    def is_same(self) -> bool:
        """Tell whether the very word was heard."""
        return self.wanted is not None and self.heard is not None and self.distance == 0


def matched(wanted: list[str], heard: list[str], lexicon: Lexicon) -> list[Match]:
    """Return the cheapest way to make one of the other, in order."""
    distances = np.array([[sound_distance(one, other, lexicon) for other in heard] for one in wanted])
    distances = distances.reshape(len(wanted), len(heard))
    costs = np.zeros((len(wanted) + 1, len(heard) + 1))
    costs[:, 0], costs[0] = np.arange(len(wanted) + 1), np.arange(len(heard) + 1)
    for row in range(1, len(wanted) + 1):
        for column in range(1, len(heard) + 1):
            replaced = costs[row - 1, column - 1] + REPLACED * distances[row - 1, column - 1]
            costs[row, column] = min(costs[row - 1, column] + 1, costs[row, column - 1] + 1, replaced)
    return _traced(costs, distances)


def sound_distance(one: str, other: str, lexicon: Lexicon) -> float:
    """Return the edits between the sounds of two words by the length of the longer, in their closest pronunciations."""
    if one == other:
        return 0.0
    pairs = ((left, right) for left in lexicon.pronunciations(one) for right in lexicon.pronunciations(other))
    return min(Levenshtein.distance(left, right) / max(len(left), len(right)) for left, right in pairs)


def _traced(costs: np.ndarray, distances: np.ndarray) -> list[Match]:
    row, column = costs.shape[0] - 1, costs.shape[1] - 1
    found: list[Match] = []
    while row or column:
        distance = float(distances[row - 1, column - 1]) if row and column else 1.0
        if row and column and abs(costs[row, column] - costs[row - 1, column - 1] - REPLACED * distance) < _ALMOST:
            row, column = row - 1, column - 1
            found.append(Match(row, column, distance))
        elif row and abs(costs[row, column] - costs[row - 1, column] - 1) < _ALMOST:
            row -= 1
            found.append(Match(row, None, 1.0))
        else:
            column -= 1
            found.append(Match(None, column, 1.0))
    return found[::-1]
