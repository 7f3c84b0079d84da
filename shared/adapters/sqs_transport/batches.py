"""Cutting work into calls that SQS accepts: at most ten entries and so many bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")

#: SQS takes at most so many entries a batch call.
ENTRIES = 10


def batches(items: Sequence[Item], size: Callable[[Item], int] = lambda _: 0, limit: int = 1) -> Iterator[list[Item]]:
    """Cut items into batches, in order. An item above the limit gets a batch of its own, and SQS's own refusal."""
    batch: list[Item] = []
    total = 0
    for item in items:
        if batch and (len(batch) == ENTRIES or total + size(item) > limit):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += size(item)
    if batch:
        yield batch


def refusals(answer: Any, count: int) -> dict[int, dict[str, Any]]:
    """The entries that a batch call of so many did not confirm, by their position, which was given as their ``Id``.

    What is neither confirmed nor refused has failed too: from an answer that is no JSON botocore makes an empty one,
    and a delete taken for done would let its task run twice.
    """
    refused = {int(entry["Id"]): dict(entry) for entry in answer.get("Failed") or []}
    confirmed = {int(entry["Id"]) for entry in answer.get("Successful") or []}
    return {**{position: {"Code": "NoAnswer"} for position in range(count) if position not in confirmed}, **refused}
