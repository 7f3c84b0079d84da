"""Percentiles, and tables as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

WIDTH = 20


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so many per cent of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else 0.0


def show(*heads: str) -> None:
    """Print the head of a table."""
    print()
    print(" ".join(head.ljust(WIDTH) for head in heads), flush=True)


def show_row(*cells: object) -> None:
    """Print one line of a table."""
    texts = (f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print(" ".join(text.ljust(WIDTH) for text in texts), flush=True)
