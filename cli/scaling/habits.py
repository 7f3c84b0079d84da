"""What learners do, how often, and how many of them are there at each time of a day."""

import csv
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

DAY_SECONDS = 86_400.0
HOUR_SECONDS = 3_600.0
TALK, LISTEN, PRACTISE, PARTNER = "talk", "listen", "practise", "ask the partner"


@dataclass(frozen=True)
class Habit:
    """One of the things that learners do: the share of them that does it at a time, and how often, in seconds.

    `jobs` is how many jobs each such action gives to each group of workers.
    """

    name: str
    share: float
    every_seconds: float
    jobs: dict[str, float]
    is_loaded: bool = True


HABITS: tuple[Habit, ...] = (
    Habit(TALK, 0.16, 20.0, {"worker-persistence": 0.25}),
    Habit(LISTEN, 0.77, 60.0, {"worker-persistence": 0.02}),
    Habit(PRACTISE, 1 / 30, 20.0, {"worker-speech": 1.0, "worker-persistence": 2.0, "worker-tts": 0.2}),
    Habit(PARTNER, 1 / 30, 20.0, {"worker-ai": 1.0, "worker-tts": 3.0, "worker-persistence": 1.0}),
    Habit("draw a map", 0.003, 3_600.0, {"worker-graphs": 1.0, "worker-graph-results": 1.0}, False),
)
"""The mix of a classroom: of 300 learners ten practise and ten talk with the partner at once, the others are in rooms
of six, in which one talks while the others listen. Jobs an action are planned by what the code sends: a message goes
with three others at this rate, a turn has three sentences that are spoken and a mistake that is noted, a sentence that
is scored an event and a mistake."""

Curve = Callable[[float], float]
"""The share of the day's most learners that is there, by the second of the day."""
EVENING: tuple[float, ...] = (
    *(0.10, 0.05, 0.03, 0.02, 0.02, 0.05, 0.15, 0.30, 0.30, 0.25, 0.25, 0.28),
    *(0.35, 0.32, 0.28, 0.30, 0.38, 0.50, 0.65, 0.85, 1.00, 0.95, 0.65, 0.30),
)
"""A day of people who learn beside school or work, hour by hour: an assumption, replaced by `--curve`."""


def curve_of(points: list[tuple[float, float]]) -> Curve:
    """Return a curve that goes straight from one point (second of the day, share) to the next, and round the day."""
    ordered = sorted(points)
    whole = [(ordered[-1][0] - DAY_SECONDS, ordered[-1][1]), *ordered, (ordered[0][0] + DAY_SECONDS, ordered[0][1])]
    times = [at for at, _ in whole]

    def share(now: float) -> float:
        now %= DAY_SECONDS
        place = bisect_right(times, now)
        (since, before), (until, after) = whole[place - 1], whole[place]
        return before + (after - before) * (now - since) / (until - since) if until > since else after

    return share


def evening_curve() -> Curve:
    """Return the curve that is taken where none is given."""
    return curve_of([(hour * HOUR_SECONDS, share) for hour, share in enumerate(EVENING)])


def read_curve(path: Path) -> Curve:
    """Read a curve from lines of `HH:MM,share`; shares are of the day's most learners, from 0 to 1.

    Raises:
        ClickException: a line is none of that kind, or there is none.
    """
    points = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), 1):
            if row and not row[0].startswith("#"):
                points.append(_point(path, number, row))
    if not points:
        raise click.ClickException(f"{path} has no line of `HH:MM,share`.")
    return curve_of(points)


def _point(path: Path, number: int, row: list[str]) -> tuple[float, float]:
    try:
        hours, minutes = map(int, row[0].split(":"))
        share = float(row[1])
        is_good = 0 <= hours < 24 and 0 <= minutes < 60 and 0 <= share <= 1
    except (ValueError, IndexError):
        is_good = False
    if not is_good:
        raise click.ClickException(f"{path}, line {number}: expected `HH:MM,share` with a share from 0 to 1.")
    return hours * HOUR_SECONDS + minutes * 60.0, share


def jobs_a_second(group: str, learners: float) -> float:
    """Return how many jobs a second so many learners give to a group."""
    return sum(learners * one.share / one.every_seconds * one.jobs.get(group, 0.0) for one in HABITS)
