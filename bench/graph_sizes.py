"""What large exports cost: a table of conversations, mode, seconds of the processor and megabytes."""

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from bench.graph_runs import draw
from bench.graph_sets import LabelledSet

_MESSAGES = (4, 8)
_SECONDS_APART = 3_600


class Size(NamedTuple):
    """How many conversations are drawn in which mode, and the most that it may cost."""

    conversations: int
    mode: str
    cpu_seconds: float
    megabytes: float


SIZES = (Size(10_000, "full", 200, 1_500), Size(10_000, "light", 60, 1_100))
LARGEST = Size(50_000, "light", 450, 1_500)


def invented(sets: Sequence[LabelledSet], count: int) -> LabelledSet:
    """Return so many conversations, each of 4 to 8 messages that were said about one thing in one of the sets."""
    dice = random.Random(count)
    said: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for data in sets:
        for one in data.conversations:
            said[data.name, data.classes[one["id"]]] += one["messages"]
    topics = sorted(said)
    conversations = []
    for number in range(count):
        messages = said[dice.choice(topics)]
        chosen = [dice.choice(messages) for _ in range(dice.randint(*_MESSAGES))]
        conversations.append(
            {"id": f"invented-{number}", "create_time": 1.7e9 + number * _SECONDS_APART, "messages": chosen}
        )
    return LabelledSet(f"{count:,} invented", conversations, {})


def table_of_sizes(sets: Sequence[LabelledSet], sizes: Sequence[Size], directory: Path) -> Table:
    """Draw each, and return what it cost beside what it may cost."""
    table = Table(title="Large exports", title_justify="left")
    for heading in ("conversations", "mode", "CPU s", "at most", "MB", "at most"):
        table.add_column(heading, justify="left" if heading == "mode" else "right")
    for size in sizes:
        run, found = draw(invented(sets, size.conversations), directory, "--mode", size.mode)
        figures = f"{run.cpu_seconds:.0f}", f"{size.cpu_seconds:.0f}", f"{run.megabytes:.0f}", f"{size.megabytes:.0f}"
        table.add_row(f"{len(found['nodes']):,}", size.mode, *figures)
    return table
