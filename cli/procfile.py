"""Reads the Procfile: which programs the platform is made of, in the form that Heroku knows."""

import re
from pathlib import Path

import click

_LINE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*):\s+(?P<command>\S.*)")
_NO_PROGRAM = "release"  # Heroku runs it once, before the programs


def read_procfile(path: Path) -> dict[str, str]:
    """Return the shell command of each program by its name, in the file's order.

    Raises:
        ClickException: there is no such file, or a line of it says nothing or says it twice.
    """
    if not path.exists():
        raise click.ClickException(f"There is no {path.name} in {path.parent}: start from the repository's root.")
    return parse_procfile(path.read_text(encoding="utf-8"))


def parse_procfile(text: str) -> dict[str, str]:
    """Return the shell command of each program by its name; comments and the release phase are passed over."""
    programs: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise click.ClickException(f"Procfile, line {number}: expected `name: command`, found `{line}`.")
        if match["name"] in programs:
            raise click.ClickException(f"Procfile, line {number}: there are two programs named {match['name']}.")
        programs[match["name"]] = match["command"]
    programs.pop(_NO_PROGRAM, None)
    return programs
