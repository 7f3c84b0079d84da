"""Listens to audio as a student's ear would: decodes it, measures it, and writes down the words it hears, offline."""

import io
import math
import re
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import av

from cli.laptop_parts import laptop_part

RATE = 16_000
FULL_SCALE = 32_768
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_VARIANT = re.compile(r"\(\d+\)$")

# What the recogniser expects: mostly the sentence's words in their order, but at any place any word that it knows.
_EXPECTED = 0.8
_NEXT, _ONE_LEFT_OUT = 0.9, 0.05
_END = 0.05
_EVERY = 100
"""One word in so many of the dictionary, besides the sentence's, may be heard instead."""


class Sound(NamedTuple):
    """Decoded audio: 16 kHz, one channel, signed 16 bit; `seconds` is its length at its own rate."""

    samples: bytes
    seconds: float

    @property
    def loudness(self) -> float:
        """Return the mean power in decibels below full scale."""
        heard = array("h", self.samples)
        power = sum(sample * sample for sample in heard) / max(1, len(heard))
        return 10 * math.log10(max(power, 1.0) / FULL_SCALE**2)


def decode(audio: bytes) -> Sound:
    """Return an MP3 as samples.

    Raises:
        av.FFmpegError: it is none.
    """
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples, seconds = bytearray(), 0.0
    with av.open(io.BytesIO(audio), mode="r", format="mp3") as container:
        for frame in container.decode(audio=0):
            seconds += frame.samples / frame.sample_rate
            for part in resampler.resample(frame):
                samples += bytes(part.planes[0])[: part.samples * 2]
    for part in resampler.resample(None):
        samples += bytes(part.planes[0])[: part.samples * 2]
    return Sound(bytes(samples), seconds)


def words_in(text: str) -> list[str]:
    """Return the words of a sentence as the dictionary spells them."""
    return _WORD.findall(text.lower().replace("’", "'"))


def errors_between(expected: list[str], heard: list[str]) -> int:
    """Return how many words must be put in, taken out or replaced (V. Levenshtein, 1966)."""
    row = list(range(len(heard) + 1))
    for number, wanted in enumerate(expected, 1):
        before, row[0] = row[0], number
        for place, word in enumerate(heard, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (wanted != word))
    return row[-1]


class Ear:
    """A recogniser that knows which sentence is practised; each call is independent of those before."""

    def __init__(self) -> None:
        """Load the model, which takes about a second."""
        pocketsphinx = laptop_part("pocketsphinx")
        dictionary = pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")
        known = [line.split()[0] for line in Path(dictionary).read_text("utf-8").splitlines() if line]
        self._others = [word for word in known[::_EVERY] if "(" not in word]
        self._decoder: Any = pocketsphinx.Decoder(lm=None, dict=dictionary, lw=9, loglevel="FATAL", cmn="batch")

    def hear(self, sound: Sound, sentence: list[str]) -> list[str]:
        """Return the words that are heard in a sound in which a sentence is expected."""
        with tempfile.NamedTemporaryFile("w", suffix=".lm") as model:
            model.write("\n".join(_arpa(sentence, self._others)))
            model.flush()
            self._decoder.add_lm_file("sentence", model.name)
        self._decoder.activate_search("sentence")
        self._decoder.start_utt()
        self._decoder.process_raw(sound.samples, full_utt=True)
        self._decoder.end_utt()
        found = [_VARIANT.sub("", segment.word) for segment in self._decoder.seg() or ()]
        return [word for word in found if word[0] not in "<["]


def _arpa(sentence: list[str], others: list[str]) -> Iterator[str]:
    """Give the lines of a bigram model in ARPA's format, with Katz's back-off (1987) to the single words."""
    single = _singles(sentence, others)
    follows: dict[str, Counter[str]] = {}
    row = ["<s>", *sentence, "</s>"]
    for word, following in pairwise(row):
        follows.setdefault(word, Counter())[following] += _NEXT  # type: ignore[assignment]  # shares of one
    for word, following in zip(row, row[2:], strict=False):
        follows[word][following] += _ONE_LEFT_OUT  # type: ignore[assignment]
    shares = {word: _share(counts) for word, counts in follows.items()}
    yield from ("\\data\\", f"ngram 1={len(single) + 1}", f"ngram 2={sum(map(len, shares.values()))}", "")
    yield from ("\\1-grams:", f"-99 <s> {_back_off(shares['<s>'], single):.4f}")
    for word, share in single.items():
        yield f"{math.log10(share):.4f} {word} {_back_off(shares[word], single) if word in shares else 0:.4f}"
    yield from ("", "\\2-grams:")
    for word, counts in shares.items():
        yield from (f"{math.log10(share):.4f} {word} {following}" for following, share in counts.items())
    yield from ("", "\\end\\")


def _singles(sentence: list[str], others: list[str]) -> dict[str, float]:
    shares = dict.fromkeys(others, (1 - _EXPECTED) / len(others))
    for word in sentence:
        shares[word] = shares.get(word, 0.0) + _EXPECTED / len(sentence)
    total = sum(shares.values()) + _END
    return {word: share / total for word, share in (shares | {"</s>": _END}).items()}


def _share(counts: Counter[str]) -> dict[str, float]:
    most = _NEXT + _ONE_LEFT_OUT
    total = max(most, sum(counts.values()))
    return {word: count * most / total for word, count in counts.items()}


def _back_off(share: dict[str, float], single: dict[str, float]) -> float:
    left = 1 - sum(share.values())
    return math.log10(left / max(1 - sum(single[word] for word in share), 1e-3))
