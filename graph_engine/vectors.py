"""Arithmetic on rows of vectors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Indices = NDArray[np.int64]
Labels = NDArray[np.int64]


class Space(NamedTuple):
    """Directions of conversations by one encoder, and what was taken from each language's vectors to get them."""

    rows: Matrix
    english_mean: Matrix
    korean_mean: Matrix


def unit(rows: NDArray[np.floating]) -> Matrix:
    """Return rows of length one; a row of zeros stays one."""
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, np.float32)


def direction(row: NDArray[np.floating]) -> Matrix:
    """Return a vector of length one."""
    return np.asarray(unit(row[None])[0])


def centroid(rows: Matrix) -> Matrix:
    """Return the direction of the rows' mean."""
    return direction(rows.mean(0))
