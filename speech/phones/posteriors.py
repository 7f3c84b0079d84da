"""How likely each sound is every 20 ms, by hama's phone model (4.7 MB of weights, trained with CTC)."""

import platform
from typing import Any

import numpy as np
from hama.asr import ASRModel
from numpy.typing import NDArray

from speech.hearing.mel import RATE, Samples
from speech.model_files import PHONE_LIBRARIES, PHONE_MODEL, PHONE_NAMES, checked
from speech.phones.arpabet import IPA, PHONES

BLANK = len(PHONES)
"""The column of "no new sound"; the border of words counts as that too, since learners' words run together or not."""
SECONDS_A_FRAME = 0.02
_SHORTEST_SAMPLES = RATE // 10

Logs = NDArray[np.float64]


class PhoneModel:
    """One model: 30 MB, one sound at a time, 0.05 of its duration on one core."""

    def __init__(self) -> None:
        """Load it. Raises ModelMissing, ModelChanged."""
        checked(PHONE_NAMES)
        if platform.machine() in PHONE_LIBRARIES:
            checked(PHONE_LIBRARIES[platform.machine()])
        self._model: Any = ASRModel(checked(PHONE_MODEL))
        names = self._model.decoder_tokens
        self._columns = [[names.index(sign) for sign in IPA[phone].split(",")] for phone in PHONES]
        self._blanks = [names.index("<blank>"), names.index("<wb>")]

    def posteriors(self, samples: Samples) -> Logs:
        """Return the natural logarithm of the probability of 39 sounds and the blank, a row for every 20 ms.

        Symbols that English does not use are left out, and the rest made to sum to one.
        """
        padded = np.pad(samples, (0, max(0, _SHORTEST_SAMPLES - len(samples))))
        sound = (padded.astype(np.float32) / np.float32(32768)).reshape(1, -1)
        asked = {"waveform": sound, "waveform_lengths": np.array([sound.shape[1]], np.int64)}
        found, sizes = self._model.session.run(["log_probs", "out_lengths"], asked)
        logs = found[0][: int(sizes[0])].astype(np.float64)
        kept = np.stack([log_sum(logs[:, columns]) for columns in (*self._columns, self._blanks)], 1)
        return np.asarray(kept - log_sum(kept)[:, None])


def log_sum(logs: Logs, axis: int = -1) -> Logs:
    """Return the logarithm of the sum of what the logarithms stand for."""
    most = logs.max(axis, keepdims=True)
    return np.asarray((most + np.log(np.exp(logs - most).sum(axis, keepdims=True))).squeeze(axis))
