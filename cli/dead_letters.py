"""`speaktracker dead-letters`: look at what died, mend it, send it again, or be done with it."""

import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click

from cli.dead_letter_tables import show_dry_run, show_letter, show_list
from cli.groups import Told
from cli.options import aws_option, json_option, run_directory
from cli.platform_settings import operator_name, running_settings
from cli.printing import console, print_json
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import DiscardDeadLetter, EditDeadLetter, ListDeadLetters, ReplayMatching
from shared.domains.dead_letters.models import LetterState, ReplayOutcome
from shared.domains.dead_letters.rules import mending, replaying, replaying_many, reviewing
from shared.domains.jobs.service import record_job, show_job
from shared.wiring import WorkerContext, build_worker


@click.group("dead-letters", cls=Told)
@aws_option
@run_directory("Where a running platform is looked for.")
@click.pass_context
def dead_letters(context: click.Context, aws_itself: bool, directory: Path) -> None:
    """Look at jobs that died, mend them, send them again, or be done with them."""
    context.obj = lambda: build_worker(running_settings(directory, os.environ, aws_itself=aws_itself))


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--queue", help="Only those of a queue."),
        click.option("--task", help="Only those of a task."),
        click.option("--fingerprint", help="Only those of one cause."),
        click.option("--from", "since", help="Only those that died at that time (UTC, ending in Z) or later."),
        click.option("--to", "until", help="Only those that died at that time or earlier."),
    ):
        command = option(command)
    return command


@dead_letters.command("list")
@_filters
@click.option("--state", type=click.Choice([state.value for state in LetterState]), help="Only those in a state.")
@click.option("--limit", default=20, show_default=True, help="At most so many (100).")
@json_option
@click.pass_obj
def list_letters(build: Callable[[], WorkerContext], /, *, as_json: bool, **query: Any) -> None:
    """List letters, newest first."""
    page = reviewing.list_dead_letters(ListDeadLetters(**query), position=None, letters=build().letters)
    if as_json:
        has_more = page.position is not None
        print_json({"deadLetters": [item.wire() for item in page.items], "hasMore": has_more})
        return
    show_list(page.items, console())
    if page.position is not None:
        click.echo("There are more: narrow the list, or raise --limit.")


@dead_letters.command()
@click.argument("letter_id", metavar="ID")
@click.option("--reveal", is_flag=True, help="Show people's words too; your name is noted.")
@json_option
@click.pass_obj
def show(build: Callable[[], WorkerContext], letter_id: str, reveal: bool, as_json: bool) -> None:
    """Show one letter, and what was done to it."""
    context = build()
    letter = reviewing.show_dead_letter(
        letter_id,
        operator_name(os.environ),
        reveal=reveal,
        letters=context.letters,
        payloads=context.payloads,
        jobs=context.job_records,
        job_types=job_type_of,
        clock=context.clock,
    )
    print_json(letter.wire()) if as_json else show_letter(letter, console())


def _json_of(_context: click.Context, _option: click.Parameter, file: IO[str]) -> Any:
    try:
        with file:  # standard input stays open
            return json.load(file)
    except (ValueError, RecursionError) as wrong:  # no JSON, no UTF-8, or nested without an end
        raise click.BadParameter(f"{file.name} is not JSON: {wrong}") from wrong


@dead_letters.command()
@click.argument("letter_id", metavar="ID")
@click.option(
    "--arguments",
    type=click.File(encoding="utf-8"),
    callback=_json_of,
    required=True,
    help="A JSON file; - is standard input.",
)
@click.option("--task", help="The task, where the letter has none.")
@click.pass_obj
def edit(build: Callable[[], WorkerContext], letter_id: str, arguments: Any, task: str | None) -> None:
    """Write a letter's arguments anew."""
    context = build()
    mending.edit_dead_letter(
        letter_id,
        EditDeadLetter(arguments=arguments, task=task),
        operator_name(os.environ),
        letters=context.letters,
        payloads=context.payloads,
        job_types=job_type_of,
        clock=context.clock,
    )
    click.echo("Edited; `replay` sends it.")


@dead_letters.command()
@click.argument("letter_id", metavar="ID")
@click.option("--reason", required=True, help="Why; it is kept.")
@click.pass_obj
def discard(build: Callable[[], WorkerContext], letter_id: str, reason: str) -> None:
    """Be done with a letter."""
    context = build()
    command, by = DiscardDeadLetter(reason=reason), operator_name(os.environ)
    mending.discard_dead_letter(letter_id, command, by, letters=context.letters, clock=context.clock)
    click.echo("Discarded.")


@dead_letters.command()
@click.argument("letter_id", metavar="[ID]", required=False)
@_filters
@click.option("--all", "every", is_flag=True, help="All open letters.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would come of it.")
@click.option("--canary", is_flag=True, help="Send one, and the others when it has succeeded.")
@click.option("--rate", "rate_per_second", default=5.0, show_default=True, help="So many a second (50).")
@json_option
@click.pass_obj
def replay(build: Callable[[], WorkerContext], /, letter_id: str | None, *, as_json: bool, **chosen: Any) -> None:
    """Send one letter's job again, or those of all open letters that match."""
    if letter_id is None:
        _replay_matching(build(), ReplayMatching(**chosen), as_json=as_json)
        return
    outcome = replaying.replay_dead_letter(letter_id, operator_name(os.environ), desk=build().replay_desk)
    if as_json:
        print_json({"outcome": outcome.value})
    else:
        click.echo("Sent." if outcome is ReplayOutcome.SENT else f"Not sent: it is {outcome.value} already.")


def _replay_matching(context: WorkerContext, command: ReplayMatching, *, as_json: bool) -> None:
    if command.dry_run:
        told = replaying_many.check_matching(command, desk=context.replay_desk)
        print_json(told.wire()) if as_json else show_dry_run(told, console())
        return
    job_id, by = str(uuid.uuid4()), operator_name(os.environ)
    record_job(job_id, replaying_many.KIND, by, jobs=context.job_records, clock=context.clock)
    job = replaying_many.replay_job(command, job_id, by, context.clock.now())
    while (left := replaying_many.advance(job, desk=context.replay_desk)) is not None:
        click.echo(f"{left.sent} sent, {left.skipped} skipped …", err=True)
        job = left
    ended = show_job(job_id, by, jobs=context.job_records)
    counted = ended.result or {"sent": 0, "skipped": 0}
    print_json(counted) if as_json else click.echo(f"{counted['sent']} sent, {counted['skipped']} skipped.")
    if ended.error is not None:
        raise click.ClickException(f"{ended.error}: the others were not sent.")
