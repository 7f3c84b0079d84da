"""What the table can hold, as bounds of what contracts take: found before an acknowledgement, never after it."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

LARGEST_WHOLE = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""
LARGEST_NUMBER = 1e125
SMALLEST_NUMBER = 1e-128
"""DynamoDB holds numbers from 1E-130 to 9.99E+125 with 38 digits."""
DEEPEST = 16
"""Levels of nesting; DynamoDB holds 32."""
LARGEST_TREE = 200_000
"""Characters of all names and texts of a nested value; an item of DynamoDB holds 400 KB."""

Whole = Annotated[int, Field(ge=0, le=LARGEST_WHOLE)]
"""A count, or a place in an order."""
Size = Annotated[int, Field(ge=1, le=LARGEST_WHOLE)]
"""Bytes of something that is not empty."""


def _to_milliseconds(seconds: float) -> float:
    return round(seconds, 3)


Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False), AfterValidator(_to_milliseconds)]
"""A duration or a place in a recording, kept to the millisecond."""


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    if _weight(value, DEEPEST) > LARGEST_TREE:
        raise ValueError("takes too much room")
    return value


def _weight(value: Any, levels: int) -> int:
    """Return how many characters a value has; raise ValueError where it is too deep, or a number beyond all bounds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int | float):
        is_kept = abs(value) <= LARGEST_WHOLE if isinstance(value, int) else abs(value) <= LARGEST_NUMBER
        if not is_kept or 0 < abs(value) < SMALLEST_NUMBER:
            raise ValueError("holds a number beyond what can be kept")
        return 8
    if levels == 0:
        raise ValueError("is nested too deeply")
    if isinstance(value, dict):
        return sum(len(name) + _weight(inner, levels - 1) for name, inner in value.items())
    if isinstance(value, list):
        return sum(1 + _weight(inner, levels - 1) for inner in value)
    return 1


Storable = Annotated[dict[str, Any], AfterValidator(_storable)]
"""An object of any form that fits into an item."""
