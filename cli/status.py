"""`speaktracker status`: five numbers, and one sentence that names the worst problem."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import print_json, say
from cli.refusals import Refusing
from shared.catalogue import SCHEDULE
from shared.domains.connections.service import count_connections
from shared.domains.dead_letters.rules.reviewing import count_unsettled
from shared.domains.operations.rules.judging import Findings, Numbers, numbers_of, problems
from shared.domains.operations.rules.showing import show_queues, show_workers
from shared.kernel.errors import Unavailable
from shared.kernel.schedules import late
from shared.kernel.times import EPOCH
from shared.wiring import WorkerContext, build_worker

Found = TypeVar("Found")
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
    found = findings(build_worker(running_settings(directory, os.environ, aws_itself=aws_itself)))
    told = list(problems(found))
    show(numbers_of(found), told, as_json=as_json)
    if told:
        raise SystemExit(1)


def findings(context: WorkerContext) -> Findings:
    """Ask everything once; what does not answer is named, and keeps nothing else from being found out."""
    silent: list[str] = []

    def asked(name: str, ask: Callable[[], Found]) -> Found | None:
        try:
            return ask()
        except Unavailable:
            silent.extend([name] if name not in silent else [])
            return None

    counts = asked("DynamoDB", lambda: count_connections(connections=context.connections, clock=context.clock))
    letters = asked("DynamoDB", lambda: count_unsettled(letters=context.letters))
    operations = context.operations
    return Findings(
        queues=asked(
            "SQS",
            lambda: show_queues(depths=context.queue_depths, history=operations, signs=operations, clock=context.clock),
        ),
        workers=asked("Redis", lambda: show_workers(signs=operations)),
        connections=counts.total if counts else None,
        gateways=len(counts.gateways) if counts else None,
        letters=dict(letters[0]) if letters else None,
        late=asked("DynamoDB", lambda: _late(context)) or [],
        silent=silent,
    )


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


def _late(context: WorkerContext) -> list[str]:
    last = context.schedule_notes.last()
    intervals = {entry.job.name: entry.every_seconds for entry in SCHEDULE if entry.job.name in last}
    return late(intervals, last, since=EPOCH, now=context.clock.now())
