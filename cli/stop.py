"""`speaktracker stop`: ends the platform of a run directory, also where its terminal or supervisor is gone."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import click

from cli.leftovers import clean, living
from cli.options import run_directory
from cli.refusals import Refusing
from cli.run_directory import RunDirectory
from cli.running import running

END_SECONDS = 40.0
_POLL_SECONDS = 0.1


@click.command(cls=Refusing)
@run_directory("The run directory of the platform (RUN_DIRECTORY).")
@click.option("--check", is_flag=True, help="Stop nothing; exit with 1 if anything of it runs.")
def stop(directory: Path, check: bool) -> None:
    """Stop the platform that runs from a directory, also where the terminal that started it is gone."""
    if not directory.exists():
        click.echo(f"Nothing runs from {directory}.")
        return
    found = RunDirectory(directory)
    if check:
        _require_nothing(found)
    elif _end_holder(found) or clean(found):
        click.echo("Stopped; what was stored is kept.")
    else:
        click.echo(f"Nothing runs from {found.path}.")


def _require_nothing(directory: RunDirectory) -> None:
    pids = sorted({process.pid for process in living(directory)} | {directory.holder} - {0})
    if pids:
        raise click.ClickException(
            f"A platform runs from {directory.path} (processes {', '.join(map(str, pids))}): stop it first, "
            "with Ctrl-C in its terminal or with `make stop`."
        )


def _end_holder(directory: RunDirectory) -> bool:
    """Ask the process that started the platform to stop it, and wait for that; False where there is none."""
    pid = directory.holder
    if not pid:
        return False
    with suppress(ProcessLookupError):  # it ended meanwhile
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    while running([pid]):
        if time.monotonic() > deadline:
            raise click.ClickException(f"Process {pid} has not stopped the platform within {END_SECONDS:.0f} s.")
        time.sleep(_POLL_SECONDS)
    return True
