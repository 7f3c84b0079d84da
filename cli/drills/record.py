"""What was sent, what was acknowledged, and what the table has of it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from speaktracker_client.models import Ack


@dataclass(frozen=True)
class Acknowledged:
    """What a client was told of its operation, on the clock of `time.perf_counter`."""

    ack: Ack
    sent_at: float


@dataclass
class Record:
    """Every operation by its own words, `name number`, which no two share."""

    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, Acknowledged] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    """The words that somebody heard, by messageId."""
    refused: Counter[str] = field(default_factory=Counter)

    def send(self, words: str) -> None:
        """Note an operation as sent now."""
        self.sent[words] = time.perf_counter()

    def acknowledge(self, words: str, ack: Ack) -> None:
        """Note an operation as acknowledged."""
        self.acknowledged[words] = Acknowledged(ack, self.sent[words])

    def acknowledged_after(self, moment: float) -> bool:
        """Tell whether anything that was sent after a moment is acknowledged."""
        known = list(self.acknowledged.values())  # asked in a thread, while others add to it
        return any(one.sent_at >= moment for one in known)


@dataclass
class Outcome:
    """How a drill ended; `faults` says in words what should not be."""

    sent: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    doubled: int = 0
    hidden: int = 0
    """Lost without a trace: neither stored, nor waiting, nor a dead letter."""
    recovery: float = 0.0
    faults: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether nothing was lost, doubled or otherwise wrong."""
        return not (self.lost or self.doubled or self.hidden or self.faults)


def judge(
    record: Record, stored: Sequence[dict[str, Any]], *, in_order: bool = True, letters: Sequence[str] = ()
) -> Outcome:
    """Compare what was told with what lies in the table, given in the order of its keys, when nothing waits any more.

    `letters` are the arguments of all dead letters, as JSON. `in_order` where each sender waited for one answer
    before it sent the next.
    """
    found = Counter(str(one["content"]) for one in stored)
    ids = {one["messageId"] for one in stored}
    lost = [words for words in record.acknowledged if words not in found]
    unstored = [words for message_id, words in record.shown.items() if message_id not in ids]
    outcome = Outcome(
        sent=len(record.sent),
        acknowledged=len(record.acknowledged),
        found=len(found),
        lost=len({*lost, *unstored}),
        doubled=sum(count - 1 for count in found.values()),
        hidden=sum(not any(f'"{words}"' in letter for letter in letters) for words in {*lost, *unstored}),
    )
    outcome.faults += _faults(record, stored, in_order=in_order)
    return outcome


def _faults(record: Record, stored: Sequence[dict[str, Any]], *, in_order: bool) -> list[str]:
    invented = sum(one["content"] not in record.sent for one in stored)
    moved = sum(
        one["content"] in record.acknowledged and record.acknowledged[one["content"]].ack.message_id != one["messageId"]
        for one in stored
    )
    swapped = _swapped(stored) if in_order else 0
    counted = ((invented, "that nobody sent"), (moved, "under another id"), (swapped, "out of a sender's order"))
    return [f"{count} {what}" for count, what in counted if count]


def _swapped(stored: Sequence[dict[str, Any]]) -> int:
    """Return how often a sender's later words stand before earlier ones."""
    numbers: dict[str, list[int]] = {}
    for one in stored:
        name, _, number = str(one["content"]).rpartition(" ")
        numbers.setdefault(name, []).append(int(number))
    return sum(after < before for said in numbers.values() for before, after in pairwise(said))
