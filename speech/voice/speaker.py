"""The voice: text becomes samples breath by breath, with the time of every word, by hibari's model of one speaker."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from hibari import dsp
from numpy.typing import NDArray

from speech.hearing.mel import Samples
from speech.model_files import VOICE, VOICE_SYMBOLS, checked
from speech.voice.lowering import Spectra, lowered
from speech.voice.reading import SILENT, Reader, ReadWord

RATE = 24_000
SLOWEST, FASTEST = 0.4, 2.0
_DURATIONS = "/Round_output_0"
"""The tensor in the model that says how many frames each symbol takes; it is no output of its own."""
_LATE_SECONDS = 0.08
"""A symbol's frames begin that much after its sound, by a recogniser's alignment."""
_PAUSE = 0
"""The symbol before and after a sentence."""


class SaidWord(NamedTuple):
    """A written word by its first and last character in the text, and when it begins, in milliseconds."""

    start: int
    end: int
    milliseconds: int


class Breath(NamedTuple):
    """What is said at once: samples of one channel at 24 kHz, and its words, their times from the start of all."""

    samples: Samples
    words: list[SaidWord]


class Speaker:
    """One model: 90 MB, half a second to load, one text at a time, 0.01 of its duration on one core.

    The same text is always said alike.
    """

    def __init__(self) -> None:
        """Load the model. Raises ModelMissing, ModelChanged."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        content = with_output(checked(VOICE).read_bytes(), _DURATIONS)
        self._model: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._model.get_outputs()]
        self._symbols: dict[str, int] = json.loads(checked(VOICE_SYMBOLS).read_text("utf-8"))
        self._reader = Reader()

    def say(self, text: str, *, speed: float = 1.0, low: bool = False) -> Iterator[Breath]:
        """Give a text breath by breath, in a woman's voice, or in a man's where it is `low`; nothing without sounds."""
        chance, begun = np.random.default_rng(0), 0.0
        for words in self._reader.sentences(text):
            wave, frames = self._said(words, min(FASTEST, max(SLOWEST, speed)), low, chance)
            seconds = len(wave) / RATE / max(1, frames.sum())
            yield Breath(_samples(wave), self._timed(words, frames * seconds, begun))
            begun += len(wave) / RATE

    def sounds_of(self, text: str) -> str:
        """Return the sounds of a text, as the voice reads it."""
        return " ".join(word.sounds for words in self._reader.sentences(text) for word in words)

    def _said(
        self, words: list[ReadWord], speed: float, low: bool, chance: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        text = " ".join(word.sounds for word in words)
        ids = [_PAUSE, *(self._symbols[symbol] for symbol in text if symbol in self._symbols), _PAUSE]
        asked = {"ids": np.array([ids], np.int64), "speed": np.array([speed], np.float32)}
        *told, frames = self._model.run(self._outputs, asked)
        spoken = Spectra(*(one[0] for one in told))
        wave = dsp.synth(*(lowered(spoken) if low else spoken), chance)
        return wave, np.asarray(frames, np.float64).reshape(-1)

    def _timed(self, words: list[ReadWord], seconds: NDArray[np.float64], begun: float) -> list[SaidWord]:
        """Return when each word begins: at its first symbol that has a sound."""
        ends = np.concatenate([[0.0], np.cumsum(seconds)])
        place, found = 1, []
        for word in words:
            symbols = [symbol for symbol in word.sounds if symbol in self._symbols]
            first = next((at for at, symbol in enumerate(symbols) if symbol not in SILENT), 0)
            time = begun + max(0.0, float(ends[min(place + first, len(ends) - 1)]) - _LATE_SECONDS)
            found.append(SaidWord(word.start, word.end, round(1000 * time)))
            place += len(symbols) + 1
        return found


def with_output(model: bytes, name: str) -> bytes:
    """Return an ONNX model with one more output, of floats.

    Protobuf merges messages that are written one after the other: a ModelProto that holds nothing but an output of its
    graph (field 7, in it field 12: a ValueInfoProto of name, 1, and type, 2) adds it.
    """
    described = _field(1, name.encode()) + _field(2, _field(1, b"\x08\x01"))
    return model + _field(7, _field(12, described))


def _field(number: int, content: bytes) -> bytes:
    size, written = len(content), b""
    while size > 127:
        written += bytes([size & 127 | 128])
        size >>= 7
    return bytes([number << 3 | 2]) + written + bytes([size]) + content


def _samples(wave: NDArray[np.float32]) -> Samples:
    return np.asarray(np.clip(wave, -1, 1) * 32767, np.int16)
