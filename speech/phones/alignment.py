"""Which frames each sound of a known sentence takes, by PocketSphinx's forced alignment in two passes.

The first pass finds the words, the second the phones and states; only the second computes every senone, which halves
the cost. `bestpath=False`: with it short phones have "impossible durations". `cmn="batch"`: a recording must not depend
on those before it. The senones' scores come out through a directory, best one in memory: 1 MB a second of sound.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

from speech.hearing.mel import Samples
from speech.model_files import ALIGNER_MEANS, ALIGNER_MIXTURES, ALIGNER_STATES, DICTIONARY, checked
from speech.phones.lexicon import Lexicon
from speech.phones.senones import States, read_states

FRAMES_A_SECOND = 100
SCORE_UNIT = 0.1024
_MEMORY = Path("/dev/shm")
_VARIANT = re.compile(r"\(\d+\)$")
_OPTIONS = {
    "lm": None,
    "loglevel": "FATAL",
    "bestpath": False,
    "cmn": "batch",
    "beam": 1e-80,
    "wbeam": 1e-60,
    "pbeam": 1e-80,
}


class AlignedPhone(NamedTuple):
    """A sound with its first frame, its length in frames of 10 ms, and its acoustic score in nats."""

    name: str
    start: int
    frames: int
    score: float


class AlignedWord(NamedTuple):
    """A word, or a silence (`<sil>`, `[NOISE]`), with its sounds."""

    name: str
    start: int
    frames: int
    phones: list[AlignedPhone]

    @property
    def is_silence(self) -> bool:
        """Tell whether nothing is said."""
        return self.name[0] in "<["


class Alignment(NamedTuple):
    """The words of a recording in their order, silences too; `likelihoods` is frames x phones x 3 states, in nats."""

    words: list[AlignedWord]
    likelihoods: NDArray[np.float32]


class Aligner:
    """Two decoders with one dictionary: 150 MB, a second to make, one recording at a time, 0.09 of its duration."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Load the models. Raises ModelMissing, ModelChanged."""
        self._lexicon = lexicon
        self._dictionary = checked(DICTIONARY)
        checked(ALIGNER_MEANS)
        checked(ALIGNER_MIXTURES)
        self.states: States = read_states(checked(ALIGNER_STATES))
        place = _MEMORY if _MEMORY.is_dir() else None
        self._folder = Path(tempfile.mkdtemp(prefix="senones-", dir=place))
        self._make()

    def close(self) -> None:
        """Remove the directory."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def __del__(self) -> None:
        """Leave nothing behind."""
        self.close()

    def align(self, samples: Samples, words: list[str]) -> Alignment | None:
        """Return where the words are; None where they do not fit (of 5000 read sentences 11 did not)."""
        for word in words:
            self._know(word)
        try:
            return self._aligned(samples.astype("<i2").tobytes(), words)
        except (RuntimeError, ValueError, IndexError):
            self._make()  # what failed leaves the decoders unusable
            return None
        finally:
            for path in self._folder.iterdir():
                path.unlink()

    def _make(self) -> None:
        options = {**_OPTIONS, "dict": str(self._dictionary)}
        self._words: Any = Decoder(**options)
        self._phones: Any = Decoder(senlogdir=str(self._folder), compallsen=True, **options)
        self._added: set[str] = set()

    def _know(self, word: str) -> None:
        if word in self._lexicon or word in self._added:
            return
        self._added.add(word)
        phones = " ".join(self._lexicon.pronunciations(word)[0])
        for decoder in (self._words, self._phones):
            decoder.add_word(word, phones, False)  # True would build the search anew for each word

    def _aligned(self, content: bytes, words: list[str]) -> Alignment:
        self._words.set_align_text(" ".join(words))
        _run(self._words, content)
        self._words.set_alignment()
        self._phones.set_alignment(self._words.get_alignment())
        _run(self._phones, content)
        found = [_word(word) for word in self._phones.get_alignment()]
        (dumped,) = self._folder.iterdir()
        return Alignment(found, self.states.fold(dumped.read_bytes()))


def _run(decoder: Any, content: bytes) -> None:
    decoder.reinit_feat()  # else what it learnt of an earlier recording's noise is taken from this one
    decoder.start_utt()
    decoder.process_raw(content, full_utt=True)
    decoder.end_utt()


def _word(word: Any) -> AlignedWord:
    phones = [AlignedPhone(one.name, one.start, one.duration, one.score * SCORE_UNIT) for one in word]
    return AlignedWord(_VARIANT.sub("", word.name), word.start, word.duration, phones)
