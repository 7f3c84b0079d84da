"""How DynamoDB is asked in parts, and again where it is busy."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from shared.adapters.aws.errors import translated
from shared.kernel.errors import Unavailable

CONFLICT_TRIES = 8


def primary_key(pk: str, sk: str) -> dict[str, Any]:
    """Return an item's key as DynamoDB takes it."""
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def parts(entries: list[Any], size: int) -> Iterator[list[Any]]:
    """Cut a list into parts of that size."""
    return (entries[start : start + size] for start in range(0, len(entries), size))


def pauses() -> Iterator[float]:
    """Give one pause in seconds for each try, with full jitter; about 2 s together."""
    return (random.uniform(0, min(1.0, 0.02 * 2**attempt)) for attempt in range(CONFLICT_TRIES))


def until_done(ask: Callable[[dict[str, Any]], Any], request: dict[str, Any]) -> None:
    """Ask, and ask again for what was left undone, which `ask` returns.

    Raises:
        Unavailable: some was still left after 2 s.
    """
    for pause in pauses():
        with translated():
            request = ask(request) or {}
        if not request:
            return
        time.sleep(pause)
    raise Unavailable("The table is throttled.", "잠시 후 다시 시도해 주세요.")
