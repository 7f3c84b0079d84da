"""Search by meaning, as a program that stays: `python -m graph_engine.searching`.

It reads questions, a line of JSON each: `{"meaning": PATH, "text", "limit"}`, and answers each with a line:
`{"hits": [[row, similarity], …]}`, the best first, or `{"missing": true}` where the file cannot be read. The network is
loaded once, and where nobody asks for five minutes the program ends, and its memory returns.
"""

import json
import select
import signal
import sys
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from graph_engine.encoders.sentence_encoders import MultilingualEncoder
from graph_engine.encoders.store import ModelStore
from graph_engine.errors import ModelsMissing
from graph_engine.languages import language_of
from graph_engine.limits import bound_memory
from graph_engine.reading.cleaning import visible
from graph_engine.vectors import Space, direction

IDLE_SECONDS = 300.0
MEMORY_MEGABYTES = 600
NOT_BUILT = 4


def search(encoder: MultilingualEncoder, meaning: Space, text: str, limit: int) -> list[tuple[int, float]]:
    """Return the rows that mean most nearly what a text says, and how nearly (cosine), the best first."""
    clean = visible(text)
    mean = meaning.korean_mean if language_of(clean) == "ko" else meaning.english_mean
    scores = meaning.rows @ direction(encoder.encode(clean) - mean)
    best = np.lexsort((np.arange(len(scores)), -scores))[:limit]
    return [(int(row), round(float(scores[row]), 4)) for row in best]


def main() -> int:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bound_memory(MEMORY_MEGABYTES)
    try:
        encoder = MultilingualEncoder(ModelStore())
    except ModelsMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return NOT_BUILT
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0] and (line := sys.stdin.readline()):
        print(json.dumps(_answer(encoder, json.loads(line))), flush=True)  # noqa: T201  # its parent reads there
    return 0


def _answer(encoder: MultilingualEncoder, question: dict[str, Any]) -> dict[str, object]:
    try:
        with Path(question["meaning"]).open("rb") as file, np.load(file, allow_pickle=False) as parts:
            meaning = Space(*(parts[name].astype(np.float32) for name in Space._fields))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {"missing": True}
    return {"hits": search(encoder, meaning, question["text"], question["limit"])}


if __name__ == "__main__":
    sys.exit(main())
