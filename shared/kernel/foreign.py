"""Texts and values that strangers sent: bounded, and made storable before they become a key or an item."""

import hashlib
import math
from typing import Any

LONGEST_ID_BYTES = 256
LARGEST_NUMBER = 2**63
"""JSON's writer takes whole numbers of 64 bits."""
DEEPEST = 32
"""DynamoDB nests values that deep."""
_KEPT_BYTES = 180


def storable_text(text: str) -> str:
    """Return a text as every store takes it: half a character becomes its escape."""
    return text.encode(errors="backslashreplace").decode()


def storable_id(text: str) -> str:
    """Return an identifier as it can be a key: the same for the same text, and another one for another.

    What is too long keeps its beginning, by which a person knows it, and its SHA-256.
    """
    whole = storable_text(text)
    data = whole.encode()
    if len(data) <= LONGEST_ID_BYTES:
        return whole
    return f"{data[:_KEPT_BYTES].decode(errors='ignore')}~{hashlib.sha256(data).hexdigest()}"


def is_storable(value: Any, depth: int = 0) -> bool:
    """Tell whether a JSON value can be kept and sent again as it is: whole characters, numbers that are numbers."""
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(is_storable(key) and is_storable(inner, depth + 1) for key, inner in value.items())
    if isinstance(value, list):
        return all(is_storable(inner, depth + 1) for inner in value)
    if isinstance(value, str):
        return storable_text(value) == value
    return _is_plain_number(value) if isinstance(value, int | float) else value is None


def _is_plain_number(value: float) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return abs(value) < LARGEST_NUMBER


def small_number(value: Any) -> int:
    """Return a count that a stranger gave; 0 for what is none."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000
    return value if is_count else 0
