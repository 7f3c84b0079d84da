"""The realtime benchmark's tables, as Markdown, from the rows that the load printed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from bench.realtime_numbers import quantile

MEMBERS = 6
Row = dict[str, Any]
Runs = dict[str, list[list[Row]]]
"""By contender, its runs; a run is the rows of its phases."""


def fan_out(runs: Runs, bases: tuple[str, ...]) -> str:
    """Return what fan-out costs each contender, and below it the ratios to each of ours."""
    rates = _rates(runs)
    heads = ["", "KiB a connection", "CPU ms a connect"]
    heads += [f"CPU ms per 1,000 at {rate * MEMBERS:,.0f}/s (p50 / p99 ms)" for rate in rates]
    heads += ["most a second, p99 < 200 ms", "deliveries a CPU second", "beside stalled readers: p99 ms, missing"]
    lines = [[name, *_costs(found, rates), *_limits(found)] for name, found in runs.items()]
    ratios = [_ratios(runs, base, rates) for base in bases if base in runs and len(runs) > 1]
    return "\n\n".join([_table(heads, lines), *ratios])


def storing(runs: list[list[Row]]) -> str:
    """Return what storing costs at each rate."""
    heads = [
        "messages a second",
        "SQS calls a message",
        "ack p50 / p99 ms",
        "push p50 / p99 ms",
        "gateway and Redis CPU",
    ]
    lines = []
    for rate in _rates({"": runs}):
        rows = _steady(runs, rate)
        lines.append(
            [
                f"{rate:,.0f}",
                _median(rows, "calls_a_message", "{:.2f}"),
                f"{_median(rows, 'ack_p50')} / {_median(rows, 'ack_p99')}",
                f"{_median(rows, 'p50')} / {_median(rows, 'p99')}",
                f"{_median(rows, 'cpu_ms')} ms per 1,000 deliveries",
            ]
        )
    return _table(heads, lines)


def idle(runs: list[tuple[str, list[Row]]]) -> str:
    """Return what connections cost that say nothing."""
    heads = ["", "held", "failed", "connects a second", "CPU ms a connect", "KiB a connection", "idle CPU, % of a core"]
    lines = []
    for name, rows in runs:
        connect = next(row for row in rows if row["phase"] == "connect")
        resting = next((row for row in rows if row["phase"] == "idle"), {"cpu_percent": "–"})
        found = [connect[key] for key in ("held", "failed", "a_second", "cpu_ms", "kib")]
        lines.append([name, *map(str, found), str(resting["cpu_percent"])])
    return _table(heads, lines)


def flood(calm: list[int], flooded: list[int], published: int) -> str:
    """Return how long plain requests take while the bus is flooded."""
    heads = ["", "published a second", "p50 ms", "p99 ms", "longest ms"]
    lines = [
        [name, f"{rate:,}", *(str(quantile(took, share)) for share in (0.5, 0.99, 1.0))]
        for name, rate, took in (("calm", 0, calm), ("flooded", published, flooded))
    ]
    return _table(heads, lines)


def disturbance(runs: Runs) -> str:
    """Return how much else ran on the machine, since no figure is worth more than that."""
    shares = [row["others_percent"] for found in runs.values() for rows in found for row in rows if "cpu_ms" in row
              and "others_percent" in row]  # fmt: skip
    if not shares:
        return ""
    median, most = statistics.median(shares), max(shares)
    return f"Beside the benchmark other programs used {median:.0f} % of one core (median; at most {most} %)."


def _rates(runs: Runs) -> list[float]:
    return sorted(
        {row["rate"] for found in runs.values() for rows in found for row in rows if row["phase"] == "steady"}
    )


def _steady(runs: Iterable[list[Row]], rate: float) -> list[Row]:
    return [row for rows in runs for row in rows if row["phase"] == "steady" and row["rate"] == rate]


def _phase(runs: Iterable[list[Row]], phase: str) -> list[Row]:
    return [row for rows in runs for row in rows if row["phase"] == phase]


def _costs(runs: list[list[Row]], rates: list[float]) -> list[str]:
    connect = _phase(runs, "connect")
    cells = [_median(connect, "kib"), _median(connect, "cpu_ms", "{:.2f}")]
    for rate in rates:
        rows = _steady(runs, rate)
        late = "lost" if any(row["p99"] is None for row in rows) else _median(rows, "p99")
        cells.append(f"{_median(rows, 'cpu_ms')} ({_median(rows, 'p50')} / {late})" if rows else "–")
    return cells


def _limits(runs: list[list[Row]]) -> list[str]:
    limits, slow = _phase(runs, "limit"), _phase(runs, "slow")
    best = [row["best"] for row in limits if row["best"]]
    stalled = [f"{row['p99'] if row['p99'] is not None else 'lost'}, {row['missing']}" for row in slow]
    most = _median(best, "deliveries_a_second", "{:,.0f}")
    return [most, _median(limits, "a_cpu_second", "{:,.0f}"), "; ".join(stalled) or "–"]


def _ratios(runs: Runs, base: str, rates: list[float]) -> str:
    """Return the processor time of all others as multiples of one contender's: medians (and extremes) of neighbours."""
    heads = [f"CPU, {base} = 1", *(f"at {rate * MEMBERS:,.0f}/s" for rate in rates)]
    others = [(name, found) for name, found in runs.items() if name != base]
    return _table(heads, [[name, *(_ratio(found, runs[base], rate) for rate in rates)] for name, found in others])


def _ratio(runs: list[list[Row]], mine: list[list[Row]], rate: float) -> str:
    """Compare window with window: each pair was measured within a minute, before the machine's speed changed much."""
    theirs, ours = _steady(runs, rate), _steady(mine, rate)
    if not theirs or not ours or any(row["p99"] is None for row in theirs):
        return "–"
    found = [his["cpu_ms"] / max(our["cpu_ms"], 0.01) for his, our in zip(theirs, ours, strict=False)]
    return f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def _median(rows: list[Row], key: str, form: str = "{:.1f}") -> str:
    found = [row[key] for row in rows if row.get(key) is not None]
    return form.format(statistics.median(found)) if found else "–"


def _table(heads: list[str], lines: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, rule, *lines])
