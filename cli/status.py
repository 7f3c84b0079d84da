"""`speaktracker status`: five numbers, and one sentence that names the worst problem."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.domains.operations.rules.judging import Numbers, numbers_of, problems
from shared.wiring import build_worker

_NAMES = {
    "connections": "people connected",
    "workers": "workers alive",
    "waiting": "jobs waiting",
    "oldest_seconds": "seconds that the oldest has waited",
    "letters": "dead letters unsettled",
}


@click.command(cls=Refusing)
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def status(aws_itself: bool, as_json: bool, directory: Path) -> None:
    """Print five numbers and the worst problem; exit code 1 where there is one."""
    found = build_worker(running_settings(directory, os.environ, aws_itself=aws_itself)).findings()
    told = [one.text.en for one in problems(found)]
    show(numbers_of(found), told, as_json=as_json)
    if told:
        raise SystemExit(1)


def show(numbers: Numbers, told: list[str], *, as_json: bool) -> None:
    """Print what was found."""
    fields: dict[str, Any] = asdict(numbers)
    if as_json:
        print_json({**fields, "problems": told})
        return
    for name, meaning in _NAMES.items():
        value = fields[name]
        shown = "?" if value is None else f"{value:.0f}"
        say(f"{shown:>8}  {meaning}")
    more = f" ({len(told) - 1} more: --json lists all.)" if len(told) > 1 else ""
    say(f"{told[0]}{more}" if told else "Nothing is wrong.")
