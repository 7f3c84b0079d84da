"""Whether a sentence and its translation lie near each other."""

import gzip
import json
import random
from pathlib import Path

import numpy as np

from bench.graph_runs import vectors
from bench.graph_sets import LabelledSet

_PAIRS, _NEAREST = 500, 5


def own_translation_near(pairs: Path, directory: Path) -> float:
    """Return the share of 500 Korean sentences whose own translation is among the 5 nearest of the 500 English ones."""
    with gzip.open(pairs, "rt", encoding="utf-8") as file:
        drawn = random.Random(0).sample(json.load(file), _PAIRS)
    texts = [pair[language] for language in ("ko", "en") for pair in drawn]
    conversations = [
        {"id": str(number), "messages": [{"role": "user", "content": text}]} for number, text in enumerate(texts)
    ]
    rows = np.load(vectors(LabelledSet("pairs", conversations, {}), directory, "rows"))
    likeness = rows[:_PAIRS] @ rows[_PAIRS:].T
    better = (likeness > np.diag(likeness)[:, None]).sum(1)
    return float((better < _NEAREST).mean())
