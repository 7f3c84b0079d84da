"""`python -m bench.speech`: how well this machine hears, speaks and scores, and what that costs.

By the product's own engines on audio files; only the 1,449 recordings of the corpus's test half are stored features.
Whatever is learnt from recordings that are judged here is fitted anew without the speaker who is judged. Ten minutes.
"""

import sys
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


def main(folder: Path = DATA) -> int:
    """Measure all, print a table, and return how many promises are not kept."""
    console, bench = Console(width=120), Bench.of(folder)
    rows: list[Row] = []
    for part in (hearing_rows, speaking_rows, scoring_rows, corpus_rows, miscue_rows, hint_rows):
        rows += part(bench)
        console.print(f"[dim]{part.__name__.removesuffix('_rows')} measured[/dim]")
    table = Table("what", "figure", "promised", "")
    for row in rows:
        table.add_row(row.what, row.shown, row.promised, row.verdict)
    console.print(table)
    console.print(UNMEASURED)
    return sum(row.is_kept is False for row in rows)


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:2])) and 1)
