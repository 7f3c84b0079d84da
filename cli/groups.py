"""Groups of commands: each is imported when it is asked for, and told in a whole sentence."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from cli.refusals import Refusing

ALL_OF_IT = 10_000
"""More characters than any sentence has: the terminal wraps it, nobody cuts it."""


class Told(click.Group):
    """A group whose help has the first sentence of each command whole, however narrow the terminal.

    Its commands say what they refuse in sentences.
    """

    command_class = Refusing

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(ALL_OF_IT)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class OnDemand(Told):
    """A group that knows where its commands are: `module:name`. A command that is not used is not imported."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **options: Any) -> None:
        """Keep the places by the commands' names, in the order in which they are listed."""
        super().__init__(*arguments, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table; what only a checkout has is left out elsewhere."""
        return [name for name, place in self._places.items() if _is_there(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, name = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it lies in is left out too
        return False
