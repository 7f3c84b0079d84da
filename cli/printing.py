"""What commands print: sentences and tables for people, JSON for other programs."""

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.foreign_text import printable

_WIDE = 200
"""Columns of a table that goes to a file or another program, where nobody's terminal is too narrow."""


def say(sentence: str, *, err: bool = False) -> None:
    """Print a line; whatever of it others wrote gives the terminal no orders."""
    click.echo(printable(sentence), err=err)


def print_json(found: Any, *, sort_keys: bool = False) -> None:
    """Print one line of JSON in ASCII, which any terminal and any pipe takes whole."""
    click.echo(json.dumps(found, ensure_ascii=True, sort_keys=sort_keys))


def console() -> Console:
    """Return where tables go: a terminal in its own width, anything else wide and without colours."""
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False)
    return Console(width=_WIDE, no_color=True, highlight=False, markup=False, emoji=False)


def table(*headers: str, title: str | None = None) -> Table:
    """Return a table that folds what is too long for its column, and never cuts it."""
    made = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for header in headers:
        made.add_column(Text(header), overflow="fold")
    return made
