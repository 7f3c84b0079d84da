"""The small set of recordings with transcripts, and with experts' marks where they are learners'."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np

from speech.hearing.mel import RATE, Samples

NATIVE = 11
"""The accuracy that a native's recording is given: above the ten of the best learner."""


class Clip(NamedTuple):
    """A recording: `marks` are the experts', by name, None of a native; `words` have marks of words and phones."""

    id: str
    speaker: str
    text: str
    samples: Samples
    marks: dict[str, float] | None
    words: list[dict[str, Any]]

    @property
    def accuracy(self) -> float:
        """Return the experts' mark of accuracy."""
        return self.marks["accuracy"] if self.marks else NATIVE


def read_clips(folder: Path) -> list[Clip]:
    """Return the recordings that `manifest.json` names."""
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [
        Clip(
            one["id"],
            one.get("speaker") or re.sub(r"[-_\d]+$", "", one["id"]),
            one["text"],
            read_samples(folder / one["file"]),
            one.get("expert"),
            one.get("words", []),
        )
        for one in told
    ]


def read_samples(path: Path) -> Samples:
    """Return a recording at 16 kHz, one channel."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[Samples] = []
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            parts += [_plain(part) for part in resampler.resample(frame)]
    parts += [_plain(part) for part in resampler.resample(None)]
    return np.concatenate(parts)


def _plain(frame: Any) -> Samples:
    return np.asarray(frame.to_ndarray(), np.int16).reshape(-1)
