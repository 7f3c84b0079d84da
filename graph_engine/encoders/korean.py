"""Korean words by Kiwi, and vectors of them in the space of the English ones.

A morpheme's similarities to 600 common ones (Kiwi's own) make a vector of 256 numbers (Nystrom); a text is their mean,
weighted by rarity; a matrix that was learnt from sentence pairs by ridge regression takes it to MiniLM's space.
"""

import json
import math
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from kiwipiepy import Kiwi

from graph_engine.vectors import Matrix, direction

ALIGNMENT = Path(__file__).with_name("korean_alignment")
CONTENT = frozenset({"NNG", "NNP", "VV", "VA", "MAG", "XR"})
"""Common and proper nouns, verbs, adjectives, adverbs and roots."""
NAMING = CONTENT - {"MAG"}


class Morpheme(NamedTuple):
    """A Korean word's form and its part of speech."""

    form: str
    tag: str


class Korean:
    """Reads Korean; 200 MB, loaded by the first Korean text and never without one."""

    width = 384
    version = "korean-1"

    def __init__(self, alignment: Path = ALIGNMENT) -> None:
        """Name the alignment's two files, without `.npz` and `.json`; nothing is read yet."""
        self._alignment, self._words = alignment.with_suffix(".npz"), alignment.with_suffix(".json")
        self._vectors: dict[Morpheme, Matrix] = {}

    def morphemes(self, text: str) -> list[Morpheme]:
        """Return the words that carry a text's meaning, in their order."""
        found = ((token.form, str(token.tag).split("-")[0]) for token in self._kiwi.tokenize(text))
        return [Morpheme(form, tag) for form, tag in found if tag in CONTENT]

    def encode(self, morphemes: list[Morpheme]) -> Matrix:
        """Return the vector of a text, of length one, in the space of MiniLM's."""
        total = np.zeros(self._parts["P"].shape[1], np.float32)
        for morpheme in morphemes:
            total += self._vector(morpheme) * math.log(1 + self._pairs / (1 + self._frequency.get(morpheme, 0)))
        return direction((direction(total) - self._parts["mu"]) @ self._parts["W"])

    def _vector(self, morpheme: Morpheme) -> Matrix:
        if morpheme not in self._vectors:
            similar = np.array([self._similarity(morpheme, anchor) for anchor in self._anchors], np.float32)
            self._vectors[morpheme] = similar @ self._parts["P"]
        return self._vectors[morpheme]

    def _similarity(self, one: Morpheme, other: Morpheme) -> float:
        try:
            return float(self._kiwi.morpheme_similarity(tuple(one), tuple(other)))
        except (ValueError, RuntimeError):  # a word that Kiwi does not know
            return 0.0

    @cached_property
    def _kiwi(self) -> Kiwi:
        return Kiwi(model_type="cong-global", num_workers=1, load_multi_dict=False)

    @cached_property
    def _parts(self) -> dict[str, Matrix]:
        with np.load(self._alignment) as parts:
            return {name: parts[name].astype(np.float32) for name in parts.files}

    @cached_property
    def _learnt(self) -> dict[str, Any]:
        return dict(json.loads(self._words.read_text("utf-8")))

    @cached_property
    def _anchors(self) -> list[Morpheme]:
        return [Morpheme(*anchor) for anchor in self._learnt["anchors"]]

    @cached_property
    def _frequency(self) -> dict[Morpheme, int]:
        return {Morpheme(*word): int(count) for word, count in self._learnt["df"]}

    @property
    def _pairs(self) -> int:
        return int(self._learnt["n"])
