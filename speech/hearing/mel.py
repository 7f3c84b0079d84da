"""Whisper's picture of sound: the logarithm of the power in 80 mel bands, a hundred times a second.

The filters are M. Slaney's (Auditory Toolbox, 1998), as Whisper was trained with them.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
HOP = 160
"""Samples a frame: 10 ms."""
_WINDOW = 400
_BANDS = 80
_LINEAR_BELOW = 1000.0
_MELS_A_HERTZ = 3 / 200
_OCTAVE = np.log(6.4) / 27
_DYNAMIC_RANGE = 8.0
"""What is more than 80 dB below the loudest is as good as silent."""

Floats = NDArray[np.float32]
Samples = NDArray[np.int16]


def mel(sound: Floats) -> Floats:
    """Return 80 bands by one frame for each 10 ms; `sound` is from -1 to 1 at 16 kHz, and not shorter than 25 ms."""
    padded = np.pad(sound, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:-1]
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    levels = np.log10(np.maximum(_filters() @ power.T.astype(np.float32), 1e-10))
    return np.asarray((np.maximum(levels, levels.max() - _DYNAMIC_RANGE) + 4) / 4, np.float32)


@cache
def _filters() -> Floats:
    frequencies = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)
    corners = _hertz(np.linspace(0, _mels(RATE / 2), _BANDS + 2))
    widths = np.diff(corners)
    distances = corners[:, None] - frequencies[None]
    rising, falling = -distances[:-2] / widths[:-1, None], distances[2:] / widths[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2 / (corners[2:] - corners[:-2]))[:, None], np.float32)


def _mels(hertz: float) -> float:
    return 15 + float(np.log(hertz / _LINEAR_BELOW) / _OCTAVE)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    bent = _LINEAR_BELOW * np.exp(_OCTAVE * (mels - 15))
    return np.asarray(np.where(mels < 15, mels / _MELS_A_HERTZ, bent))
