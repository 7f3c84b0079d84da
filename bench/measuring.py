"""`python -m bench.measuring [--pairs 5]`: what metrics and log lines cost, by pairs of runs with and without them.

`bench.realtime` (the fan-out of a room's messages) and `bench.queue` (jobs through the transport) run in turns as they
ship and with meters that count nothing and LOG_LEVEL=warning; which of the two goes first changes with each pair. A
pair takes about two minutes on an idle machine. Exits with 1 where a median of the pairs' ratios costs more than 3 %.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.own_platform import ROOT

PAIRS, MOST = 5, 0.03
RUN_SECONDS = 900
REALTIME = (
    *("--parts", "fanout", "--only", "ours,ours (pushes)", "--repeat", "1", "--windows", "2", "--window", "2"),
    *("--limit", "0", "--rooms", "200", "--slow", "0"),
)
QUEUE = ("400", "5")
_ROW = re.compile(r"ms +ours, (?P<pool>\d+ \w+) +(?P<jobs>\d+) +\S+ +\S+ +(?:0\.\d+ +)?(?P<cpu>\d+\.\d+) ")
LOGGED, UNLOGGED = ({"LOG_LEVEL": level, "BENCH_LOG_LEVEL": level} for level in ("info", "warning"))
SILENT = UNLOGGED | {"UNMEASURED": "1", "PYTHONPATH": str(Path(__file__).parent / "unmeasured")}

Costs = dict[str, float]
"""Processor time of each thing that was done, in milliseconds, by what it was."""


def main() -> None:
    """Run the pairs and print one row a thing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    pairs: list[tuple[Costs, Costs]] = []
    for number in range(parser.parse_args().pairs):
        found = {silent: costs(is_silent=silent) for silent in ((False, True) if number % 2 else (True, False))}
        pairs.append((found[False], found[True]))
        print(f"pair {number + 1}: {found[False]} with, {found[True]} without", flush=True)
    ratios = {what: [with_[what] / without[what] for with_, without in pairs] for what in pairs[0][0]}
    Console().print(_table(pairs, ratios))
    sys.exit(0 if all(statistics.median(of) <= 1 + MOST for of in ratios.values()) else 1)


def costs(*, is_silent: bool) -> Costs:
    """Run both benchmarks once."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "realtime.json"
        _run("bench.realtime", (*REALTIME, "--json", str(told)), is_silent)
        fanout = json.loads(told.read_text("utf-8"))["fanout"]
    found = {f"message, {name}": _steady(runs) for name, runs in fanout.items()}
    for row in _ROW.finditer(_run("bench.queue", QUEUE, is_silent)):
        found[f"job, {row['pool']}"] = float(row["cpu"])
    return found


def _steady(runs: list[list[dict[str, float | str]]]) -> float:
    """Return the CPU of a thousand deliveries at the highest steady rate: there, little is waiting for its turn."""
    steady = [phase for phase in runs[0] if phase["phase"] == "steady"]
    return float(max(steady, key=lambda phase: float(phase["rate"]))["cpu_ms"])


def _run(module: str, arguments: tuple[str, ...], is_silent: bool) -> str:
    environment = os.environ | (SILENT if is_silent else LOGGED)
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS)
    if done.returncode != 0:
        sys.exit(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def _table(pairs: list[tuple[Costs, Costs]], ratios: dict[str, list[float]]) -> Table:
    table = Table("what", "with, ms", "without, ms", "costs, median", "least to most", title="Processor time")
    for what, of in ratios.items():
        medians = [statistics.median(side[what] for side in sides) for sides in zip(*pairs, strict=True)]
        table.add_row(
            what,
            *(f"{median:.2f}" for median in medians),
            f"{statistics.median(of) - 1:+.1%}",
            f"{min(of) - 1:+.1%} to {max(of) - 1:+.1%}",
        )
    return table


if __name__ == "__main__":
    main()
