"""Samples in the forms that Polly sends, piece by piece."""

from typing import Protocol

import lameenc
import numpy as np
from numpy.typing import NDArray

BIT_RATE = 48
"""Kilobits a second, constant: what Polly's neural voices send."""
_QUALITY = 2  # LAME's own recommendation; 0 is the slowest, 9 the worst

Samples = NDArray[np.int16]


class Encoder(Protocol):
    """Takes samples as they come."""

    def encode(self, samples: Samples) -> bytes:
        """Return what can be sent by now."""

    def flush(self) -> bytes:
        """Return the rest."""


class Mp3:
    """Frames follow each other without a header, so files can be joined."""

    def __init__(self, rate: int, wanted: int) -> None:
        """Encode samples of one rate at another."""
        self._encoder = lameenc.Encoder()
        self._encoder.silence()
        self._encoder.set_channels(1)
        self._encoder.set_bit_rate(BIT_RATE)
        self._encoder.set_in_sample_rate(rate)
        self._encoder.set_out_sample_rate(wanted)
        self._encoder.set_quality(_QUALITY)

    def encode(self, samples: Samples) -> bytes:
        """Return the frames that are whole."""
        return bytes(self._encoder.encode(samples.astype("<i2").tobytes()))

    def flush(self) -> bytes:
        """Return the last frames."""
        return bytes(self._encoder.flush())


class Pcm:
    """Samples at another rate, between two of them on the line that joins them."""

    def __init__(self, rate: int, wanted: int) -> None:
        """Encode samples of one rate at another."""
        self._step = rate / wanted

    def encode(self, samples: Samples) -> bytes:
        """Return a piece whole."""
        places = np.arange(int(len(samples) / self._step)) * self._step
        moved = np.interp(places, np.arange(len(samples)), samples)
        return bytes(moved.astype("<i2"))

    def flush(self) -> bytes:
        """Return nothing: nothing is kept."""
        return b""


class Silent:
    """No sound at all: only the marks are wanted."""

    def encode(self, samples: Samples) -> bytes:
        """Return nothing."""
        return b""

    def flush(self) -> bytes:
        """Return nothing."""
        return b""


def encoder_of(form: str, rate: int, wanted: int) -> Encoder:
    """Return what makes mp3, pcm or, for marks, nothing."""
    if form == "json":
        return Silent()
    return Mp3(rate, wanted) if form == "mp3" else Pcm(rate, wanted)
