"""The story of a request as a waterfall: a row for each thing that took time, and for each that happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.foreign_text import foreign

BAR = 48
_COLOURS = {"waiting": "yellow", "working": "cyan", "outside": "magenta", "failed": "red", "moment": "green"}
_SHOWN_BESIDE = (
    "status",
    "outcome",
    "attempt",
    "type",
    "problem",
    "error_code",
    "dead_task",
    "state",
    "items",
    "stage",
)

Line = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row: from when to when, what, and in which process; without length it is a moment."""

    begin: datetime
    end: datetime
    what: str
    process: str
    look: str = "moment"
    beside: str = ""


def rows_of(lines: list[Line]) -> list[Row]:
    """Return the rows of a story, by their beginnings; a line without a time tells nothing here."""
    told = [line for line in lines if "timestamp" in line]
    found = [row for line in told for row in (*_rows(line), *_first_sound(line, told))]
    return sorted(found, key=lambda row: (row.begin, row.end))


def show(rows: list[Row], console: Console) -> None:
    """Print the waterfall."""
    first, last = min(row.begin for row in rows), max(row.end for row in rows)
    whole = max((last - first).total_seconds(), 1e-6)
    table = Table("at", "took", "", "what", "process", "", box=None, pad_edge=False)
    for row in rows:
        begin, took = (row.begin - first).total_seconds(), (row.end - row.begin).total_seconds()
        table.add_row(
            _milliseconds(begin),
            _milliseconds(took) if took else "",
            Text(_bar(begin / whole, took / whole), _COLOURS[row.look]),
            foreign(row.what),
            foreign(row.process),
            foreign(row.beside),
        )
    console.print(table)


def _bar(begin: float, length: float) -> str:
    start = min(BAR - 1, int(begin * BAR))
    width = max(1, round(length * BAR))
    mark = "━" * width if length else "•"
    return (" " * start + mark)[:BAR].ljust(BAR)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def _rows(line: Line) -> Iterator[Row]:
    event = str(line.get("event", ""))
    yield from _TOLD.get(event, _moment)(line)


def _request(line: Line) -> Iterator[Row]:
    name = (
        f"{line.get('method', '')} {line.get('route', '')}"
        if line["event"] == "request"
        else f"frame {line.get('action', '')}"
    )
    yield _ended(line, name, _number(line.get("took_ms")) / 1000, "working")


def _call(line: Line) -> Iterator[Row]:
    look = "outside" if line.get("outcome") == "ok" else "failed"
    yield _ended(line, str(line.get("service", "")), _number(line.get("took_ms")) / 1000, look)


def _job(line: Line) -> Iterator[Row]:
    seconds = _number(line.get("duration"))
    name = str(line.get("task", "job"))
    row = _ended(line, name, seconds, "working" if line["event"] == "job.done" else "failed")
    if waited := _number(line.get("queueSeconds")):
        yield Row(
            row.begin - timedelta(seconds=waited), row.begin, f"{line.get('queue', '')} (waits)", "queue", "waiting"
        )
    yield row


def _turn(line: Line) -> Iterator[Row]:
    """Give what a turn was doing: its marks are milliseconds since it was sent, the line itself comes later."""
    marks = {name: _number(line[name]) / 1000 for name in _STAGES if name in line}
    sent = line.get("sentAt")
    begin = _aware(str(sent)) if sent else _instant(line) - timedelta(seconds=max(marks.values(), default=0.0))
    before = 0.0
    for name, at in sorted(marks.items(), key=lambda mark: mark[1]):
        ends = begin + timedelta(seconds=at)
        yield Row(begin + timedelta(seconds=before), ends, f"turn: {_STAGES[name]}", _process(line), "outside")
        before = at


_STAGES = {
    "queued": "queued",
    "heard": "heard",
    "firstDelta": "thinking, to the first word",
    "spoke": "speaking",
    "whole": "storing, then done",
}


def _first_sound(line: Line, lines: list[Line]) -> Iterator[Row]:
    """Give the moment at which a turn's first sound went out: another process speaks than the one that answers."""
    sounds = [one for one in lines if one.get("event") == "pushed" and one.get("type") == "audioReady"]
    if sounds and line.get("event") == "turn.done":
        first = min(sounds, key=_instant)
        yield Row(_instant(first), _instant(first), "turn: first sound", _process(first))


def _moment(line: Line) -> Iterator[Row]:
    at = _instant(line)
    look = "failed" if line.get("level") in ("error", "critical") else "moment"
    yield Row(at, at, str(line.get("event", "")), _process(line), look, _beside(line))


def _silent(_line: Line) -> Iterator[Row]:
    return iter(())


def _ended(line: Line, name: str, seconds: float, look: str) -> Row:
    end = _instant(line)
    return Row(end - timedelta(seconds=seconds), end, name, _process(line), look, _beside(line))


def _instant(line: Line) -> datetime:
    return _aware(str(line["timestamp"]))


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _process(line: Line) -> str:
    return str(line.get("process", ""))


def _beside(line: Line) -> str:
    return " ".join(f"{name}={line[name]}" for name in _SHOWN_BESIDE if name in line)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


_TOLD: dict[str, Callable[[Line], Iterator[Row]]] = {
    "request": _request,
    "frame": _request,
    "external.called": _call,
    "job.began": _silent,
    "job.done": _job,
    "job.retried": _job,
    "job.given_up": _job,
    "turn.done": _turn,
}
