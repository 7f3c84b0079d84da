"""Run by production's Python: asks every command of the command line for its help."""

import sys

import click
from click.testing import CliRunner

from cli.main import speaktracker


def words(command: click.Command, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [before]
    context = click.Context(command)
    found = [(command.get_command(context, name), name) for name in command.list_commands(context)]
    return [before, *(one for inner, name in found if inner for one in words(inner, (*before, name)))]


def main() -> int:
    failed = 0
    for command in words(speaktracker):
        answer = CliRunner().invoke(speaktracker, [*command, "--help"])
        if answer.exit_code or "Usage:" not in answer.output:
            failed += 1
            sys.stderr.write(f"{command}: {answer.output} {answer.exception!r}\n")
        else:
            sys.stdout.write(f"{' '.join(command)}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
