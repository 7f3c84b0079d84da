"""Whisper tiny.en (Radford et al., 2022) by CTranslate2: words, their times, and how sure each is."""

import math
import zlib
from typing import Any, NamedTuple

import ctranslate2
import numpy as np

from speech.hearing.mel import HOP, RATE, Floats, Samples, mel
from speech.hearing.tokens import Tokens
from speech.model_files import WHISPER, WHISPER_TOKENS, checked

LONGEST_SECONDS = 30.0
CONTEXT_SECONDS = 15.0
"""Silence is added up to this, where Whisper was trained with 30: half the cost, and learners are heard better (word
errors 51.5 → 40.9 %); with 5 s or less it is ruinous."""
_FRAME = 320
"""Samples that one frame of the encoder stands for."""
_MOST_TOKENS_A_SECOND = 12
_MOST_TOKENS = 448
_SMOOTHED_OVER = 7
BEAM = 5
_LEAST = 1e-9


class HeardWord(NamedTuple):
    """A word with its punctuation, when it begins and ends, in seconds, and its probability (its worst token's)."""

    text: str
    start: float
    end: float
    probability: float


class Encoded(NamedTuple):
    """A sound as the decoder sees it."""

    features: Any
    samples: int


class Transcript(NamedTuple):
    """What was heard. `no_speech` and the mean log probability of the tokens are the model's own doubts.

    `compression` is how many times smaller the text can be made: a text that goes round in circles is above 2.4.
    """

    text: str
    words: list[HeardWord]
    no_speech: float
    log_probability: float
    compression: float
    encoded: Encoded


class Whisper:
    """One model: 220 MB, a quarter of a second to load, one sound at a time, 0.03 of its duration on one core."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load the model. Raises ModelMissing, ModelChanged."""
        folder = checked(WHISPER).parent
        self._tokens = Tokens(checked(WHISPER_TOKENS))
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self._begin = self._tokens.number("<|startoftranscript|>")
        self._end = self._tokens.number("<|endoftext|>")
        self._without_times = self._tokens.number("<|notimestamps|>")

    def transcribe(self, samples: Samples, *, beam: int = BEAM) -> Transcript:
        """Return what is heard in at most 30 s; whatever is longer is left out."""
        encoded = self._encoded(samples)
        prompt = [self._begin, self._without_times]
        most = len(prompt) + 16 + _MOST_TOKENS_A_SECOND * encoded.samples // RATE
        found = self._model.generate(
            encoded.features,
            [prompt],
            beam_size=beam,
            return_scores=True,
            return_no_speech_prob=True,
            max_length=min(_MOST_TOKENS, most),
        )[0]
        tokens = [token for token in found.sequences_ids[0] if token < self._end]
        text = self._tokens.decode(tokens).strip()
        words = self._timed(encoded, tokens) if tokens else []
        return Transcript(text, words, found.no_speech_prob, found.scores[0], _compression(text), encoded)

    def log_probabilities(self, encoded: Encoded, words: list[str]) -> list[tuple[float, float]]:
        """Return how likely each word of a sentence is, if it is what was said: mean and least of its tokens."""
        pieces = [self._tokens.encode(f" {word}") for word in _as_sentence(words)]
        told = self._alignment(encoded, [token for piece in pieces for token in piece])
        logs = np.log(np.asarray(told.text_token_probs) + _LEAST)
        ends = np.cumsum([len(piece) for piece in pieces])
        parts = [logs[end - len(piece) : end] for piece, end in zip(pieces, ends, strict=True)]
        return [(float(part.mean()), float(part.min())) for part in parts]

    def _encoded(self, samples: Samples) -> Encoded:
        sound: Floats = samples[: int(LONGEST_SECONDS * RATE)].astype(np.float32) / np.float32(32768)
        size = min(int(LONGEST_SECONDS * RATE), max(int(CONTEXT_SECONDS * RATE), len(sound) + RATE))
        size = -(-size // _FRAME) * _FRAME
        picture = mel(np.pad(sound, (0, size - len(sound))))
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(picture[None]))
        return Encoded(self._model.encode(view), len(sound))

    def _alignment(self, encoded: Encoded, tokens: list[int]) -> Any:
        """Align tokens by the cross attention of the model's alignment heads, in frames of 20 ms."""
        frames = max(2, min(3000, math.ceil(encoded.samples / HOP)))
        return self._model.align(encoded.features, [self._begin], [tokens], frames, median_filter_width=_SMOOTHED_OVER)[
            0
        ]

    def _timed(self, encoded: Encoded, tokens: list[int]) -> list[HeardWord]:
        told = self._alignment(encoded, tokens)
        starts: dict[int, int] = {}
        for token, frame in told.alignments:
            starts.setdefault(token, frame)
        last = encoded.samples / _FRAME
        words: list[HeardWord] = []
        for at, token in enumerate(tokens):
            text, sure = self._tokens.decode([token]), told.text_token_probs[at]
            end = min(starts.get(at + 1, last), last) * _FRAME / RATE
            if text.startswith(" ") or not words:
                words.append(HeardWord(text, min(starts.get(at, 0), last) * _FRAME / RATE, end, sure))
            else:
                before = words[-1]
                words[-1] = before._replace(text=before.text + text, end=end, probability=min(before.probability, sure))
        return [word._replace(text=word.text.strip()) for word in words if word.text.strip()]


def _compression(text: str) -> float:
    content = text.encode()
    return len(content) / max(1, len(zlib.compress(content)))


def _as_sentence(words: list[str]) -> list[str]:
    """Return words as Whisper would write them: the first with a capital, the last with a full stop."""
    shown = [word.capitalize() if at == 0 or word == "i" or word[:2] == "i'" else word for at, word in enumerate(words)]
    return [*shown[:-1], f"{shown[-1]}."]
