"""How sure a result is, from 0 to 1, of three parts: whether speech stands out, is heard alike, and is believed."""

import numpy as np

from speech.hearing.mel import RATE, Samples
from speech.scoring.evidence import Evidence

SURE_FROM = 0.5
DISAGREED = 0.5
"""What a word that another recogniser heard otherwise costs, by its share of the sentence."""
CLEAR_DB, NOISY_DB = 30.0, 6.0
"""Loud frames so far above quiet ones are as clear as it gets; so near, speech cannot be told from noise."""
_CLARITY, _AGREEMENT, _BELIEF = 0.25, 0.35, 0.40
_FRAME = RATE // 50
_LOUD, _QUIET = 95, 10


def confidence_of(samples: Samples, told: Evidence, said: set[int], disagreed: int) -> float:
    """Return the confidence, by the words that were said and how many another recogniser heard otherwise.

    Belief is 1 plus the mean log probability of the recogniser's own words (0 at -1 and below).
    """
    same = {match.wanted for match in told.matches if match.is_same}
    agreement = len(same & said) / max(1, len(said))
    belief = min(1.0, max(0.0, 1 + told.log_probability))
    sure = _CLARITY * clarity_of(samples) + _AGREEMENT * agreement + _BELIEF * belief
    return max(0.0, sure - DISAGREED * disagreed / len(told.words))


def clarity_of(samples: Samples) -> float:
    """Return how far speech stands out, from 0 to 1: the decibels between loud and quiet frames of 20 ms."""
    count = len(samples) // _FRAME
    if not count:
        return 0.0
    frames = samples[: count * _FRAME].astype(np.float32).reshape(count, _FRAME)
    levels = 10 * np.log10((frames**2).mean(1) + 1)
    loud, quiet = np.percentile(levels, (_LOUD, _QUIET))
    return float(np.clip((loud - quiet - NOISY_DB) / (CLEAR_DB - NOISY_DB), 0, 1))
