"""`python -m bench.graph_vectors EXPORT TARGET rows|minilm ALIGNMENT`: what others group, in the export's order."""

import json
import sys
from pathlib import Path

import numpy as np

from graph_engine.encoders.korean import Korean
from graph_engine.encoders.sentence_encoders import SentenceEncoders
from graph_engine.encoders.store import ModelStore
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.features import Understanding
from graph_engine.progress import nobody
from graph_engine.reading.exports import read_export
from graph_engine.words import read_words


def main(export: str, target: str, kind: str, alignment: str) -> None:
    """Write a row for each conversation."""
    collection, encoders, korean = read_export(Path(export)), SentenceEncoders(ModelStore()), Korean(Path(alignment))
    place = {one.conversation_id: rank for rank, one in enumerate(collection.conversations)}
    if kind == "minilm":
        rows = np.stack([encoders.fine.encode(one.text) for one in collection.conversations])
    else:
        wordings = [read_words(one, korean) for one in collection.conversations]
        understanding = Understanding(encoders, korean, VectorCache(), is_light=False)
        rows = understanding.features(wordings, nobody).rows
    order = [place[one["id"]] for one in json.loads(Path(export).read_text("utf-8"))]
    np.save(target, rows[order])


if __name__ == "__main__":
    main(*sys.argv[1:])
