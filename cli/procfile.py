"""Reads the Procfile: which programs the platform is made of, in the form that Heroku knows."""

import re
from pathlib import Path

import click

_LINE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*):\s+(?P<command>\S.*)")
NODE = re.compile(r"(?<=worker )(-n [\w.-]+)@")
MOST_OF_A_KIND = 20
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


def scaled(programs: dict[str, str], formation: str) -> dict[str, str]:
    """Return the programs with as many of each worker as a formation says: `worker-ai=3,worker-tts=2`.

    The second of a kind is named `worker-ai-2`, and its Celery node `ai-2@host`, so that each can be told from the
    others. 0 leaves a worker out.

    Raises:
        ClickException: it names no worker of the Procfile, or no number from 0 to 20.
    """
    counts = dict.fromkeys(programs, 1)
    for part in filter(None, map(str.strip, formation.split(","))):
        name, _, count = part.partition("=")
        if not count.isdecimal() or int(count) > MOST_OF_A_KIND or NODE.search(programs.get(name, "")) is None:
            raise click.ClickException(
                f"FORMATION: `{part}` is not a worker of the Procfile and how many, as in worker-tts=2."
            )
        counts[name] = int(count)
    return {
        f"{name}-{number}" if number > 1 else name: NODE.sub(rf"\1-{number}@", command) if number > 1 else command
        for name, command in programs.items()
        for number in range(1, counts[name] + 1)
    }
