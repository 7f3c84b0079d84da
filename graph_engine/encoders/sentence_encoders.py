"""The two networks that turn a text into a vector."""

from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from graph_engine.encoders import store
from graph_engine.encoders.store import ModelStore
from graph_engine.vectors import Matrix

HEAD_CHARACTERS = 2_500
"""What of a text is looked at: what lies behind does not change where a conversation belongs."""
_MINILM_PIECES = 256
_USE_PIECES = 1_024
_BEGIN, _END = 1, 2


class MiniLM:
    """all-MiniLM-L6-v2: English, some 10 ms a text."""

    width = 384

    def __init__(self, models: ModelStore) -> None:
        """Load 23 MB.

        Raises:
            ModelsMissing: they were not built.
        """
        self._session = _session(models.file(store.MINILM))
        self._tokenizer = Tokenizer.from_file(str(models.file(store.MINILM_TOKENIZER)))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MINILM_PIECES)
        self.version = "minilm-" + models.version(store.MINILM, store.MINILM_TOKENIZER)

    def encode(self, text: str) -> Matrix:
        """Return the vector of a text."""
        words = self._tokenizer.encode(text[:HEAD_CHARACTERS]).ids
        return np.asarray(self._session.run(None, {"words": np.array([words], np.int64)})[0][0], np.float32)


class MultilingualEncoder:
    """Google's multilingual Universal Sentence Encoder: 16 languages in one space, some 2 ms a text."""

    width = 512

    def __init__(self, models: ModelStore) -> None:
        """Load 8 MB; of the table of word pieces only the rows that are needed are read.

        Raises:
            ModelsMissing: they were not built.
        """
        self._session = _session(models.file(store.USE))
        self._tokenizer = Tokenizer.from_file(str(models.file(store.USE_TOKENIZER)))
        self._table = np.load(models.file(store.USE_TABLE), mmap_mode="r")
        with np.load(models.file(store.USE_SCALES)) as scales:
            self._scale, self._lowest = scales["scale"], scales["lowest"]
        self.version = "use-" + models.version(store.USE, store.USE_TOKENIZER, store.USE_TABLE)

    def encode(self, text: str) -> Matrix:
        """Return the vector of a text."""
        pieces = self._tokenizer.encode(text[:HEAD_CHARACTERS], add_special_tokens=False).ids[:_USE_PIECES]
        numbers = np.array([_BEGIN, *(pieces or [0]), _END])
        channels = numbers % len(self._scale)
        rows = self._table[numbers] * self._scale[channels, None] + self._lowest[channels, None]
        vector = self._session.run(None, {"vectors": rows.astype(np.float32)})[0][0]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)


class SentenceEncoders:
    """Both networks, each loaded when it is first asked for."""

    def __init__(self, models: ModelStore) -> None:
        """Load nothing yet."""
        self._models = models

    @cached_property
    def fine(self) -> MiniLM:
        """Return the one that knows English best.

        Raises:
            ModelsMissing: it was not built.
        """
        return MiniLM(self._models)

    @cached_property
    def wide(self) -> MultilingualEncoder:
        """Return the one that knows many languages.

        Raises:
            ModelsMissing: it was not built.
        """
        return MultilingualEncoder(self._models)


def _session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network to run on one thread: several thread's sums differ, and spinning ones waste the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
