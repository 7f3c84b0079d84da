"""`python -m bench.timing_of_answers`: whether the time of an answer tells who is known.

Thirty questions of each kind about somebody known and somebody unknown, in turns, fewer of each person than those from
which on waits grow; on the platform that runs from RUN_DIRECTORY, or one of its own. Exits with 1 where two medians
are further apart than a tenth and 5 ms.
"""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from cli.run_directory import RunDirectory
from cli.security.people import Target
from cli.security.timings import QUESTIONS, Comparison, comparisons

TURNS = 30


def main() -> None:
    """Measure and print one row a kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--turns", type=int, default=TURNS, help=f"questions of each kind and each of the two ({TURNS})"
    )
    parser.add_argument("--only", action="append", choices=QUESTIONS, help="only this question; may be repeated")
    asked = parser.parse_args()
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        state = RunDirectory(platform.log.parent).read("state.json")
        found = list(comparisons(Target(platform.base, platform.log, state), asked.turns, asked.only or QUESTIONS))
    Console().print(_table(found))
    sys.exit(0 if all(one.is_even for one in found) else 1)


def _table(found: list[Comparison]) -> Table:
    table = Table("question", "known, ms", "unknown, ms", "apart", "", "answers", title="Medians")
    for one in found:
        known, unknown = (median * 1000 for median in one.medians)
        apart = f"{abs(known - unknown):.1f} ms, {abs(known - unknown) / max(known, unknown):.1%}"
        table.add_row(
            one.what, f"{known:.1f}", f"{unknown:.1f}", apart, "even" if one.is_even else "TELLS", one.answers
        )
    return table


if __name__ == "__main__":
    main()
