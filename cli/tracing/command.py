"""`speaktracker trace`: everything that is known of one request, as a waterfall in the terminal."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from cli.options import json_option, run_directory
from cli.printing import console, print_json, say
from cli.refusals import Refusing
from cli.tracing.story import Story, story_of
from cli.tracing.waterfall import rows_of, show


@click.command(cls=Refusing)
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
            print_json(line)
        return
    show(rows_of(story.lines), console())
    _say_the_rest(story, identifier)


def _say_the_rest(story: Story, identifier: str) -> None:
    others = sorted(story.ids - {identifier})
    if others:
        more = " …" if len(others) > 5 else ""
        say(f"Told too: {', '.join(others[:5])}{more} (a batch or job that it was part of).")
    if not story.is_whole:
        say("There is more than is shown.")


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
