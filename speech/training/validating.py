"""How well scores agree with the experts' for speakers that the small models did not know."""

import numpy as np

from speech.scoring.numbers import Reals
from speech.training.stacking import Rows, left_out
from speech.training.stages import correlation


def left_out_figures(rows: dict[str, Rows], weights: Reals) -> dict[str, float]:
    """Return Pearson's correlation by kind, over all recordings, each predicted without its speaker."""
    return {f"clips.{kind}": correlation(left_out(one, weights, kind), one.marks) for kind, one in rows.items()}


def flat_weights(rows: Rows) -> Reals:
    """Return weights that count each recording alike."""
    return np.ones(int(rows.owner.max()) + 1)
