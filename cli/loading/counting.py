"""What the platform counted during a load, by the metrics of its programs."""

from collections.abc import Mapping
from pathlib import Path

import click
import httpx
from prometheus_client.parser import text_string_to_metric_families

from cli.monitoring.scraping import read_state
from cli.printing import say

Counts = dict[str, float]
"""Counters and sums by their names with labels: `aws_calls{operation=…,outcome=ok,service=sqs}`."""
PREFIX = "speaktracker_"
LAG_SECONDS = 6.0
"""What children of a program count shows within five seconds."""


def addresses_of(directory: Path) -> dict[str, str]:
    """Return where each program of the platform that runs here tells its metrics.

    Raises:
        ClickException: none runs here.
    """
    try:
        return dict(read_state(directory)["metrics"])
    except FileNotFoundError:
        raise click.ClickException(
            f"Counts are read from a platform that runs here, and none does: {directory}."
        ) from None


def read_counts(addresses: Mapping[str, str]) -> Counts:
    """Return what all programs have counted since they started, added up; what does not answer counts as nothing."""
    return added_up({name: told_by(name, address) for name, address in addresses.items()})


def told_by(name: str, address: str) -> Counts:
    """Return what a program has counted since it started: nothing, said on the screen, where it does not answer."""
    try:
        answer = httpx.get(address, timeout=10.0, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError as problem:
        say(f"{name} tells no counts: {type(problem).__name__}.", err=True)
        return {}
    return dict(counters(answer.text))


def added_up(told: Mapping[str, Counts]) -> Counts:
    """Return the sum over programs."""
    found: Counts = {}
    for counts in told.values():
        for name, value in counts.items():
            found[name] = found.get(name, 0.0) + value
    return found


def of_both(*frames: dict[str, Counts]) -> list[dict[str, Counts]]:
    """Return each frame with those programs only that told something in all: what is left out is missing on no side."""
    names = set.intersection(*(set(frame) for frame in frames))
    return [{name: frame[name] for name in sorted(names)} for frame in frames]


def difference(before: Counts, after: Counts) -> Counts:
    """Return what was counted between the two, without what did not change."""
    return {name: value - before.get(name, 0.0) for name, value in after.items() if value != before.get(name, 0.0)}


def counters(text: str) -> list[tuple[str, float]]:
    """Return the counters, sums and counts of ours in what a program tells."""
    return [
        (_named(sample.name, sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        if family.type in ("counter", "histogram") and family.name.startswith(PREFIX)
        for sample in family.samples
        if sample.name.endswith(("_total", "_sum", "_count"))
    ]


def _named(name: str, labels: Mapping[str, str]) -> str:
    told = ",".join(f"{label}={value}" for label, value in sorted(labels.items()))
    stem = name.removeprefix(PREFIX).removesuffix("_total")
    return f"{stem}{{{told}}}" if told else stem
