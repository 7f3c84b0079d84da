"""`python -m bench.speech`: how well this machine hears, speaks and scores, and what that costs.

By the product's own engines on audio files; only the 1,449 recordings of the corpus's test half are stored features.
Whatever is learnt from recordings that are judged here is fitted anew without the speaker who is judged. Ten minutes;
the folder of the recordings and names of parts (`hearing`, `speaking`, `scoring`, `corpus`, `miscue`, `hint`) may
follow.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.speech_hearing import hearing_rows
from bench.speech_rows import Bench, Row
from bench.speech_scoring import corpus_rows, hint_rows, miscue_rows, scoring_rows
from bench.speech_speaking import speaking_rows

DATA = Path("../shared/data/speech")
UNMEASURED = (
    "Not measured: Korean speakers (every mark is of speakers of Mandarin; hints are of errors put into synthesised "
    "speech), children apart from adults, telephone lines, the recognisers beside another's speech, and how the voices "
    "please people."
)


PARTS: dict[str, Callable[[Bench], list[Row]]] = {
    "hearing": hearing_rows,
    "speaking": speaking_rows,
    "scoring": scoring_rows,
    "corpus": corpus_rows,
    "miscue": miscue_rows,
    "hint": hint_rows,
}


def main(folder: str = str(DATA), *names: str) -> int:
    """Measure all, or the parts that are named, print a table, and return how many promises are not kept."""
    console, bench = Console(width=120), Bench.of(Path(folder))
    rows: list[Row] = []
    for name in names or PARTS:
        rows += PARTS[name](bench)
        console.print(f"[dim]{name} measured[/dim]")
    table = Table("what", "figure", "promised", "")
    for row in rows:
        table.add_row(row.what, row.shown, row.promised, row.verdict)
    console.print(table)
    console.print(UNMEASURED)
    return sum(row.is_kept is False for row in rows)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) and 1)
