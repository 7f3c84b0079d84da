"""Plots of a run as SVG, read from a Prometheus that has scraped it: what Grafana would show, where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

import httpx

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 180, 34, 26
MOST_LINES = 8
LONGEST_NAME = 24
_UNITS = {"percentunit": "cores", "ops": "/s", "reqps": "/s", "short": "", "currencyUSD": "USD", "bytes": "MB"}
"""Grafana's units as a reader knows them; bytes are shown in millions."""
_COLOURS = ("#2f6fde", "#c2410c", "#15803d", "#7c3aed", "#b45309", "#0e7490", "#be185d", "#525252")
_STYLE = "font-family:system-ui,sans-serif;font-size:11px;fill:#444"


@dataclass(frozen=True)
class Line:
    """One line of a plot: its name, and values by their time in epoch seconds."""

    name: str
    points: Sequence[tuple[float, float]]


def lines_of(base: str, query: str, legend: str, begin: float, end: float, step: float) -> list[Line]:
    """Return what a Prometheus knows of a query between two times, named as the panel's legend says.

    Raises:
        httpx.HTTPError: it does not answer, or takes no such query.
    """
    asked = {"query": query, "start": str(begin), "end": str(end), "step": str(step)}
    answer = httpx.get(f"{base}/api/v1/query_range", params=asked, timeout=30, trust_env=False)
    answer.raise_for_status()
    return [_line(found, legend) for found in answer.json()["data"]["result"]]


def plot(title: str, unit: str, lines: list[Line]) -> str:
    """Return a plot as the text of an SVG file; of more than eight lines those that rise highest are shown."""
    shown = sorted(lines, key=lambda line: -max(value for _, value in line.points))[:MOST_LINES]
    begin = min(at for line in shown for at, _ in line.points)
    end = max(at for line in shown for at, _ in line.points)
    top = max((value for line in shown for _, value in line.points), default=0.0) or 1.0
    drawn = [_drawn(number, line, begin, max(end - begin, 1.0), top) for number, line in enumerate(shown)]
    unit, scale = _UNITS.get(unit, unit), 1e-6 if unit == "bytes" else 1.0
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{LEFT}" y="18" style="{_STYLE};font-weight:600;font-size:13px">{escape(title)}</text>'
    )
    return head + _axes(unit, top * scale, begin, end) + "".join(drawn) + "</svg>\n"


def _line(found: dict[str, Any], legend: str) -> Line:
    name = legend
    for label, value in found["metric"].items():
        name = name.replace(f"{{{{{label}}}}}", value)
    points = [(float(at), float(value)) for at, value in found["values"] if value not in ("NaN", "+Inf", "-Inf")]
    return Line(name, points or [(float(found["values"][0][0]), 0.0)])


def _drawn(number: int, line: Line, begin: float, length: float, top: float) -> str:
    colour = _COLOURS[number % len(_COLOURS)]
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    places = " ".join(
        f"{LEFT + (at - begin) / length * wide:.1f},{TOP + (1 - value / top) * high:.1f}" for at, value in line.points
    )
    y = TOP + 12 + number * 16
    return (
        f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        f'<rect x="{WIDTH - RIGHT + 12}" y="{y - 8}" width="10" height="3" fill="{colour}"/>'
        f'<text x="{WIDTH - RIGHT + 28}" y="{y - 3}" style="{_STYLE}">{escape(_short(line.name))}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _axes(unit: str, top: float, begin: float, end: float) -> str:
    high, right = HEIGHT - TOP - BOTTOM, WIDTH - RIGHT
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = TOP + (1 - share) * high
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#ddd"/>')
        told = f"{top * share:.3g} {unit}"
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" style="{_STYLE}">{escape(told)}</text>')
    for x, at, anchor in ((LEFT, begin, "start"), (right, end, "end")):
        time = datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")
        parts.append(f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="{anchor}" style="{_STYLE}">{time} UTC</text>')
    return "".join(parts)
