"""A simulated day as one SVG: backlog, age, instances and cost by the time of day."""

from collections.abc import Callable

from cli.monitoring.plots import HEIGHT, WIDTH, Line, plot
from cli.scaling.day import Day
from cli.scaling.group_day import GroupDay, Moment
from cli.scaling.habits import HOUR_SECONDS
from cli.scaling.prices import Prices
from shared.kernel.scaling import GATEWAYS

SHOWN_MINUTES = 5
"""Of so many minutes the highest value is drawn: a day has 1,440, and the picture 476 columns."""


def picture(day: Day, prices: Prices) -> str:
    """Return the SVG's text."""
    title = f"{day.learners:,} learners"
    gateways = Line("web", _thinned([(at, float(count)) for at, count in day.gateways.instances]))
    panels = [
        plot(f"{title}: jobs that wait", "jobs", _lines(day, lambda one: float(one.waiting))),
        plot(f"{title}: age of the oldest", "s", _lines(day, lambda one: one.oldest)),
        plot(f"{title}: instances", "", [gateways, *_lines(day, lambda one: float(one.billed))]),
        plot(f"{title}: cost an hour", "USD", [_cost(day, prices)]),
    ]
    placed = [
        panel.replace("<svg ", f'<svg y="{number * HEIGHT}" width="{WIDTH}" height="{HEIGHT}" ', 1).strip()
        for number, panel in enumerate(panels)
    ]
    whole = f'viewBox="0 0 {WIDTH} {HEIGHT * len(panels)}" role="img" aria-label="A day of {title}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {whole}>' + "".join(placed) + "</svg>\n"


def _lines(day: Day, value: Callable[[Moment], float]) -> list[Line]:
    return [
        Line(one.group.name, _thinned([(moment.at, value(moment)) for moment in one.moments])) for one in day.groups
    ]


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    parts = [points[place : place + SHOWN_MINUTES] for place in range(0, len(points), SHOWN_MINUTES)]
    return [(part[0][0], max(value for _, value in part)) for part in parts]


def _cost(day: Day, prices: Prices) -> Line:
    def paid(group: GroupDay, place: int) -> float:
        return group.moments[place].billed * prices.instance_hour(group.group.instance_type)

    hourly = prices.instance_hour(GATEWAYS.instance_type)
    points = [
        (at, count * hourly + sum(paid(group, place) for group in day.groups))
        for place, (at, count) in enumerate(day.gateways.instances)
    ]
    return Line(f"in all {sum(cost for _, cost in points) / len(points) * 24:,.2f} USD a day", _thinned(points))


def mean_instances(instance_seconds: float, hours: float = 24.0) -> float:
    """Return how many instances there were on average."""
    return instance_seconds / (hours * HOUR_SECONDS)
