"""`speaktracker cost`: what an hour of a learner costs by part, from measured counts and a price list."""

from pathlib import Path

import click

from cli.options import json_option
from cli.printing import console, print_json, say, table
from cli.refusals import Refusing
from cli.scaling.counts import FOLDER, IDLE, Quantities, per_action, read_runs
from cli.scaling.day import simulate_day
from cli.scaling.habits import DAY_SECONDS, HABITS, HOUR_SECONDS, evening_curve
from cli.scaling.prices import LIST, Prices, read_prices

MIX = "the mix"
MACHINES = "EC2"
LARGEST = 3
Cost = dict[str, float]
"""USD by part: what stands before the first dot of a price's name, or MACHINES."""
_PARTS = {
    "sqs": "SQS", "dynamodb": "DynamoDB", "s3": "S3", "polly": "Polly", "transcribe": "Transcribe", "bedrock": "Bedrock"
}  # fmt: skip


@click.command("cost", cls=Refusing)
@click.option("--learners", type=click.IntRange(1, 10_000_000), default=1_000, show_default=True, help="Who share EC2.")
@click.option("--prices", type=click.Path(exists=True, path_type=Path), default=LIST, help="Another price list.")
@click.option(
    "--counts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=FOLDER,
    help="A folder with a run of `speaktracker load --counts` for each thing that learners do, and one of nobody.",
)
@json_option
def cost(learners: int, prices: Path, counts: Path, as_json: bool) -> None:
    """Say what a learner's hour costs by part: of each thing that learners do alone, and of the mix of a classroom.

    What calls, units, characters, minutes and tokens an action takes was counted on a run; machines are those of a
    simulated day of so many learners. Traffic, storage of what is kept, and Redis are not in it.
    """
    listed = read_prices(prices)
    machines = machine_hour(learners, listed)
    costs = {name: found | {MACHINES: machines} for name, found in hours(counts, listed).items()}
    if as_json:
        print_json({"asOf": listed.as_of, "region": listed.region, "learners": learners, "usdAnHour": costs})
        return
    shown = table("USD an hour of a learner", *costs)
    for part in (*_PARTS.values(), MACHINES):
        shown.add_row(part, *(f"{found.get(part, 0.0):.5f}" for found in costs.values()))
    shown.add_row("in all", *(f"{sum(found.values()):.5f}" for found in costs.values()))
    console().print(shown)
    mixed = costs[MIX]
    largest = sorted(mixed, key=lambda part: -mixed[part])[:LARGEST]
    told = ", ".join(f"{part} {mixed[part] / sum(mixed.values()):.0%}" for part in largest)
    say(f"Of the mix the largest are {told}. Prices as of {listed.as_of}: {listed.region}.")
    if unread := sorted(name for name in listed.unread if name.partition(".")[0] in (*_PARTS, "ec2", "ebs")):
        say(f"As last known, and read nowhere of late: {', '.join(unread)}.")


def hours(folder: Path, prices: Prices) -> dict[str, Cost]:
    """Return what an hour of a learner costs who does one thing only, and of the mix, without machines."""
    runs = read_runs(folder)
    found: dict[str, Cost] = {}
    mixed: Cost = {}
    for habit in HABITS:
        if not habit.is_loaded:
            continue
        each = priced(per_action(runs[habit.name], runs[IDLE]), prices)
        found[habit.name] = {part: usd * HOUR_SECONDS / habit.every_seconds for part, usd in each.items()}
        for part, usd in found[habit.name].items():
            mixed[part] = mixed.get(part, 0.0) + usd * habit.share
    return found | {MIX: mixed}


def priced(used: Quantities, prices: Prices) -> Cost:
    """Return what quantities cost, by part."""
    found: Cost = {}
    for name, amount in used.items():
        part = _PARTS[name.partition(".")[0]]
        found[part] = found.get(part, 0.0) + amount * prices.of(name)
    return found


def machine_hour(learners: int, prices: Prices) -> float:
    """Return what machines cost an hour of one learner, over a simulated day of so many at its busiest time."""
    curve = evening_curve()
    learner_hours = learners * sum(curve(minute * 60.0) for minute in range(int(DAY_SECONDS / 60))) / 60
    return simulate_day(learners, curve).dollars(prices) / learner_hours
