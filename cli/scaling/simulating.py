"""`speaktracker simulate`: a day of so many learners under the policies of the template."""

from pathlib import Path
from typing import Any

import click

from cli.options import json_option
from cli.printing import console, print_json, say, table
from cli.refusals import Refusing
from cli.scaling.day import Day, cheaper, group_dollars, simulate_day
from cli.scaling.group_day import GroupDay
from cli.scaling.habits import Curve, evening_curve, read_curve
from cli.scaling.picture import mean_instances, picture
from cli.scaling.prices import LIST, Prices, read_prices
from shared.kernel.scaling import GATEWAYS, GROUPS

LEARNERS = (10, 1_000, 100_000)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("simulate", cls=Refusing)
@click.option(
    "--learners",
    "counts",
    multiple=True,
    type=click.IntRange(1, 10_000_000),
    help="How many there are at the day's busiest time; may be given again. [default: 10, 1,000 and 100,000]",
)
@click.option("--curve", type=FILE, help="A day as lines of `HH:MM,share`, in place of an evening's.")
@click.option("--plot", type=click.Path(path_type=Path), help="A directory to which a day's picture is written as SVG.")
@click.option("--search", is_flag=True, help="Look for the cheapest policy of each group that keeps its objective.")
@click.option("--prices", type=FILE, default=LIST, help="Another price list.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed is another day of the same kind.")
@json_option
def simulate(
    counts: tuple[int, ...],
    curve: Path | None,
    plot: Path | None,
    search: bool,
    prices: Path,
    seed: int,
    as_json: bool,
) -> None:
    """Simulate a day: what waits, for how long, how many machines run, what they cost, and whether objectives are kept.

    Exits with 1 where the policies do not keep an objective.
    """
    listed, shape = read_prices(prices), read_curve(curve) if curve else evening_curve()
    is_kept = True
    for learners in counts or LEARNERS:
        day = simulate_day(learners, shape, seed=seed)
        is_kept = is_kept and day.is_kept
        _show(day, listed, as_json=as_json)
        if search:
            _show_search(learners, shape, day, listed, as_json=as_json)
        if plot:
            plot.mkdir(parents=True, exist_ok=True)
            (plot / f"day-{learners}.svg").write_text(picture(day, listed), encoding="utf-8")
    if not is_kept:
        raise click.exceptions.Exit(1)


def _show(day: Day, prices: Prices, *, as_json: bool) -> None:
    rows = [_row(one, prices) for one in day.groups]
    if as_json:
        gateways = {"most": day.gateways.most_instances, "connections": day.gateways.connections}
        print_json({"learners": day.learners, "usd": round(day.dollars(prices), 2), "groups": rows, "web": gateways})
        return
    names = ("jobs", "most waiting", "longest wait s", "on time %", "promised %", "instances", "mean", "USD a day")
    shown = table("group", *names, title=f"A day of {day.learners:,} learners at its busiest time")
    for row in rows:
        shown.add_row(*map(_text, row.values()))
    gateways_day = day.gateways
    hours = gateways_day.instance_seconds / 3600
    paid = hours * prices.instance_hour(GATEWAYS.instance_type)
    shown.add_row("web", *[""] * 5, str(gateways_day.most_instances), f"{hours / 24:.1f}", f"{paid:.2f}")
    console().print(shown)
    kept = "every objective is kept" if day.is_kept else "NOT every objective is kept"
    dollars = day.dollars(prices)
    say(f"{kept}; {dollars:,.2f} USD a day for machines, {dollars / day.learners:.4f} for each learner.")


def _row(day: GroupDay, prices: Prices) -> dict[str, Any]:
    return {
        "group": day.group.name,
        "jobs": day.arrived,
        "mostWaiting": day.most_waiting,
        "longestWaitSeconds": round(day.longest_wait, 1),
        "onTimePercent": round(day.on_time * 100, 2),
        "promisedPercent": day.group.share * 100,
        "mostInstances": day.most_instances,
        "meanInstances": round(mean_instances(day.instance_seconds), 1),
        "usd": round(group_dollars(day, prices), 2),
    }


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _show_search(learners: int, curve: Curve, day: Day, prices: Prices, *, as_json: bool) -> None:
    found = [cheaper(group, learners, curve, prices) for group in GROUPS]
    if as_json:
        policies = [
            {"utilisation": one.group.policy.utilisation, "least": one.group.policy.least} | _row(one, prices)
            for one in found
        ]
        print_json({"learners": learners, "cheapest": policies})
        return
    shown = table("group", "utilisation", "least", "on time %", "instances", "USD a day", "now", title="The cheapest")
    for one, own in zip(found, day.groups, strict=True):
        policy, row = one.group.policy, _row(one, prices)
        told = (policy.utilisation, policy.least, row["onTimePercent"], row["mostInstances"], row["usd"])
        shown.add_row(one.group.name, *map(_text, told), f"{group_dollars(own, prices):.2f}")
    console().print(shown)
