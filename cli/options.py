"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def run_directory(what: str) -> Callable[[Command], Command]:
    """Return the option `--directory`: where a run of the platform keeps what is its own; `what` is its help."""
    return click.option(
        "--directory",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="RUN_DIRECTORY",
        default=".run",
        show_default=True,
        help=what,
    )


aws_option = click.option("--aws", "aws_itself", is_flag=True, envvar="SPEAKTRACKER_AWS", help="Use AWS itself.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
