from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_engine.document import Document, write_document
from graph_engine.encoders.korean import Korean
from graph_engine.encoders.sentence_encoders import SentenceEncoders
from graph_engine.encoders.store import ModelStore
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.pipeline import Making, make_map
from graph_engine.previous import Previous, read_previous
from graph_engine.reading.exports import read_export
from tests.graph_engine.exports import text_of

Drawing = Callable[..., Document]


@pytest.fixture(scope="package")
def models() -> ModelStore:
    return ModelStore()


@pytest.fixture(scope="package")
def encoders(models: ModelStore) -> SentenceEncoders:
    return SentenceEncoders(models)


@pytest.fixture(scope="package")
def korean() -> Korean:
    return Korean()


@pytest.fixture
def draw(tmp_path: Path, encoders: SentenceEncoders, korean: Korean) -> Drawing:
    """Draw conversations, after a previous map where one is given."""

    def drawing(found: object, previous: Document | None = None, cache: Path | None = None, **options: Any) -> Document:
        path = tmp_path / "export.json"
        path.write_bytes(text_of(found))
        before = Previous()
        if previous is not None:
            write_document(previous, tmp_path / "previous.json")
            before = read_previous(tmp_path / "previous.json")
        vectors = VectorCache(cache if cache and cache.exists() else None)
        making = Making(encoders, korean, vectors, previous=before, at="2026-01-01T00:00:00.000Z", **options)
        collection = read_export(path, counts_words="level" in options)
        document, meaning = make_map(collection, making)
        assert len(meaning.rows) == len(collection.conversations)
        if cache:
            vectors.write(cache)
        return document

    return drawing
