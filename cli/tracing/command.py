"""`speaktracker trace`: everything that is known of one request, as a waterfall in the terminal."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console

from cli.options import json_option, run_directory
from cli.tracing.story import Story, story_of
from cli.tracing.waterfall import rows_of, show


@click.command()
@click.argument("identifier")
@click.option(
    "--log", "logs", multiple=True, type=click.Path(path_type=Path), help="A log file, or - for standard input."
)
@json_option
@run_directory("The run directory of the platform, whose log is read where no --log is given.")
def trace(identifier: str, logs: tuple[Path, ...], as_json: bool, directory: Path) -> None:
    """Tell the story of one request from the logs of all processes.

    IDENTIFIER is its X-Request-Id or a frame's requestId, its trace id, or the id of a job, a message, a turn or a dead
    letter of it.
    """
    story = story_of(identifier, _reader(logs or (directory / "log.jsonl",)))
    if not story.lines:
        raise click.ClickException(f"No line of the log names {identifier}.")
    if as_json:
        for line in story.lines:
            click.echo(json.dumps(line, ensure_ascii=True))
        return
    show(rows_of(story.lines), Console(width=None if sys.stdout.isatty() else 200))
    _say_the_rest(story, identifier)


def _say_the_rest(story: Story, identifier: str) -> None:
    others = sorted(story.ids - {identifier})
    if others:
        click.echo(
            f"Told too: {', '.join(others[:5])}{' …' if len(others) > 5 else ''} (a batch or job that it was part of)."
        )
    if not story.is_whole:
        click.echo("There is more than is shown.")


def _reader(logs: tuple[Path, ...]) -> Callable[[], Iterator[str]]:
    piped = list(sys.stdin) if Path("-") in logs else []
    return lambda: _lines(logs, piped)


def _lines(logs: tuple[Path, ...], piped: list[str]) -> Iterator[str]:
    for path in logs:
        if path == Path("-"):
            yield from piped
            continue
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                yield from file
        except OSError as problem:
            raise click.ClickException(f"{path} cannot be read: {problem.strerror}.") from problem
