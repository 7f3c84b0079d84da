"""What a run of `speaktracker load --counts` counted, as quantities that have a price, for one action of a learner."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.scaling.habits import HABITS, PRACTISE

FOLDER = Path(__file__).with_name("counts")
IDLE = "idle"
LEAST_HEARD_SECONDS = 15.0
"""Transcribe charges for so long at least (aws.amazon.com/transcribe/pricing)."""
READS = ("GetItem", "Query", "BatchGetItem", "Scan", "TransactGetItems")
GETS = ("GetObject", "HeadObject")
_NAME = re.compile(r"(?P<name>\w+)(\{(?P<labels>.*)\})?")

Quantities = dict[str, float]
"""How much of each thing that the price list names."""


@dataclass(frozen=True)
class Run:
    """One run: who did what for how long, how often, and what was counted meanwhile."""

    only: str | None
    learners: int
    seconds: float
    actions: dict[str, int]
    counts: dict[str, float]

    @property
    def done(self) -> int:
        """Return how often the thing was done that all of its learners did."""
        return self.actions.get(self.only or "", 0)

    def total(self, name: str, **labels: str) -> float:
        """Return what was counted under a name, of all label sets that have these."""
        return sum(count for key, count in self.counts.items() if _is(key, name, labels))

    def labels_of(self, name: str, label: str) -> dict[str, float]:
        """Return what was counted under a name by the values of a label."""
        found: dict[str, float] = {}
        for key, count in self.counts.items():
            if _is(key, name, {}):
                value = _labels(key).get(label, "")
                found[value] = found.get(value, 0.0) + count
        return found


def read_runs(folder: Path = FOLDER) -> dict[str, Run]:
    """Read the runs of a folder by the habit that each is of; the one of nobody is `idle`.

    Raises:
        ClickException: a file is none, or a habit has no run, or none in which anything was done.
    """
    runs = [_read(path) for path in sorted(folder.glob("*.json"))]
    found = {run.only or IDLE: run for run in runs if run.only or not run.learners}
    missing = [name for name in (*(habit.name for habit in HABITS if habit.is_loaded), IDLE) if name not in found]
    if missing:
        raise click.ClickException(
            f"{folder} has no run of: {', '.join(missing)}. `speaktracker load --only` makes it."
        )
    if empty := [name for name, run in found.items() if name != IDLE and not run.done]:
        raise click.ClickException(f"Nothing was done in the run of: {', '.join(empty)}.")
    return found


def _read(path: Path) -> Run:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        counts = {str(name): float(count) for name, count in told["counts"].items()}
        return Run(told["only"], int(told["learners"]), float(told["seconds"]), dict(told["actions"]), counts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise click.ClickException(f"{path} is no run of a load: {type(problem).__name__} {problem}") from problem


def per_action(run: Run, idle: Run) -> Quantities:
    """Return what one action used, without what the platform does by itself in that time."""
    share = run.seconds / idle.seconds
    used, alone = _quantities(run), _quantities(idle)
    return {name: max(0.0, amount - alone.get(name, 0.0) * share) / run.done for name, amount in used.items()}


def _quantities(run: Run) -> Quantities:
    units = run.labels_of("dynamodb_capacity_units", "operation")
    read = sum(count for name, count in units.items() if name in READS)
    storage = {key: count for key, count in run.counts.items() if _is(key, "aws_calls", {"service": "s3"})}
    gets = sum(count for key, count in storage.items() if _labels(key).get("operation") in GETS)
    heard = run.total("heard_seconds")
    if run.only == PRACTISE:
        heard = max(heard, LEAST_HEARD_SECONDS * run.done)
    return {
        "sqs.standard.million": run.total("aws_calls", service="sqs") / 1e6,
        "sqs.fair.million": run.total("aws_calls", service="sqs") / 1e6,
        "dynamodb.read.million": read / 1e6,
        "dynamodb.write.million": (sum(units.values()) - read) / 1e6,
        "s3.put.million": (sum(storage.values()) - gets) / 1e6,
        "s3.get.million": gets / 1e6,
        "polly.characters.million": run.total("spoken_characters") / 1e6,
        "transcribe.minute": heard / 60,
        "bedrock.input.million": run.total("model_tokens", direction="input") / 1e6,
        "bedrock.output.million": run.total("model_tokens", direction="output") / 1e6,
    }


def _is(key: str, name: str, labels: dict[str, str]) -> bool:
    told = _NAME.fullmatch(key)
    return told is not None and told["name"] == name and labels.items() <= _labels(key).items()


def _labels(key: str) -> dict[str, str]:
    told = _NAME.fullmatch(key)
    pairs = (told["labels"] or "").split(",") if told else []
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs if pair}
