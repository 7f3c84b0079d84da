"""The corpus that models are trained from: features and experts' marks of speechocean762, in an npz without pickles.

J. Zhang et al., Interspeech 2021, CC BY 4.0; the models that come of it are derived works (docs/licences.md).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech.scoring.table import Table

MARKS = ("accuracy", "fluency", "prosodic", "total")


@dataclass(frozen=True)
class Corpus:
    """Features, whose recordings are for testing, who speaks, and the experts' marks (NaN where there is none)."""

    table: Table
    is_test: NDArray[np.bool_]
    speaker: NDArray[np.str_]
    phone_marks: NDArray[np.float64]
    word_marks: NDArray[np.float64]
    clip_marks: dict[str, NDArray[np.float64]]


def read_corpus(path: Path) -> Corpus:
    """Read the file; recordings that could not be aligned are there, without sounds."""
    with np.load(path, allow_pickle=False) as file:
        told = {name: file[name] for name in file.files}
    integers = {
        name: told[key].astype(np.int64)
        for name, key in (
            ("phone", "phone"),
            ("phone_word", "phone_word"),
            ("word_clip", "word_utt"),
            ("word_start", "word_start"),
            ("word_frames", "word_dur"),
            ("word_first", "word_first_phone"),
            ("word_phones", "word_n_phones"),
            ("frames", "frames"),
            ("silences", "silence"),
        )
    }
    table = Table(
        features=told["X"].astype(np.float32),
        ratios=told["lpr"].astype(np.float32),
        posteriors=told["lppv"].astype(np.float32),
        energy=told["energy"].astype(np.float32),
        **integers,
    )
    marks = {mark: told[f"utt_{mark}"].astype(np.float64) for mark in MARKS}
    return Corpus(
        table,
        told["split"] == 1,
        told["utt_speaker"],
        told["phone_accuracy"].astype(np.float64),
        told["word_accuracy"].astype(np.float64),
        marks,
    )
