"""What the platform counted during a load, by the metrics of its programs."""

from collections.abc import Mapping
from pathlib import Path

import click
import httpx
from prometheus_client.parser import text_string_to_metric_families

from cli.monitoring.scraping import read_state

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
    """Return what all programs have counted since they started, added up."""
    found: Counts = {}
    for address in addresses.values():
        answer = httpx.get(address, timeout=10.0, trust_env=False)
        answer.raise_for_status()
        for name, value in counters(answer.text):
            found[name] = found.get(name, 0.0) + value
    return found


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
