"""`speaktracker autoscale`: what each group of workers has to do now, and how many workers its policy wants for it."""

import math
import os
import uuid
from pathlib import Path
from typing import Any

import click

from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import running_settings
from cli.printing import console, print_json, say, table
from cli.refusals import Refusing
from shared.domains.dead_letters.rules.reviewing import count_unsettled
from shared.domains.operations.models import GroupLoad, Sample
from shared.domains.operations.rules.polling import HOLD_SECONDS, counted
from shared.domains.operations.rules.scaling import GroupWatch
from shared.kernel.scaling import GROUPS, WorkerGroup
from shared.wiring import WorkerContext, build_worker


@click.command("autoscale", cls=Refusing)
@click.option("--publish", is_flag=True, help="Publish it to CloudWatch, unless a worker of dead letters does already.")
@aws_option
@json_option
@run_directory("Where a running platform is looked for.")
def autoscale(publish: bool, aws_itself: bool, as_json: bool, directory: Path) -> None:
    """Show what each group of workers has to do, and how many its policy wants.

    The worker of dead letters that looks at the queues publishes the same once a minute as BacklogPerWorker and
    OldestMessageAge of the namespace SpeakTracker, with the dimensions Environment and Group.
    """
    context = build_worker(running_settings(directory, os.environ, aws_itself=aws_itself))
    operations = context.operations
    sample = Sample(at=context.clock.now().timestamp(), queues=context.queue_depths.read())
    loads = GroupWatch().loads(sample, operations.living())
    _show(loads, as_json=as_json)
    if publish:
        _publish(context, loads)


def _publish(context: WorkerContext, loads: list[GroupLoad]) -> None:
    if not context.operations.may_poll(f"command-{uuid.uuid4().hex}", HOLD_SECONDS):
        say("A worker of dead letters publishes already.", err=True)
        return
    context.published.publish(counted(*count_unsettled(letters=context.letters)), loads)
    say("Published.", err=True)


def _show(loads: list[GroupLoad], *, as_json: bool) -> None:
    groups = {group.name: group for group in GROUPS}
    rows = [_row(groups[load.group], load) for load in loads]
    if as_json:
        print_json({"groups": rows})
        return
    names = (
        "workers",
        "waiting",
        "in flight",
        "jobs/s a worker",
        "backlog",
        "kept at",
        "oldest s",
        "at most",
        "wanted",
    )
    shown = table("group", *names)
    for row in rows:
        shown.add_row(*("?" if value is None else str(value) for value in row.values()))
    console().print(shown)


def _row(group: WorkerGroup, load: GroupLoad) -> dict[str, Any]:
    return {
        "group": load.group,
        "workers": load.workers,
        "waiting": load.waiting,
        "inFlight": load.in_flight,
        "rate": round(load.rate, 2),
        "backlogPerWorker": load.backlog,
        "target": group.policy.utilisation,
        "oldestSeconds": load.oldest_seconds,
        "guardSeconds": group.policy.oldest_seconds,
        "wanted": wanted_workers(group, load),
    }


def wanted_workers(group: WorkerGroup, load: GroupLoad) -> int:
    """Return how many workers the work wants, within the policy's bounds."""
    each, policy = group.workers_per_instance, group.policy
    fitting = math.ceil(round(max(1, load.workers) * load.backlog / policy.utilisation, 6))
    return min(policy.most * each, max(policy.least * each, fitting))
