"""`speaktracker up`: the whole platform on this laptop, with one command."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from rich.text import Text

from cli.laptop import Laptop
from cli.leftovers import clean
from cli.options import run_directory
from cli.plan import Plan, make_plan
from cli.refusals import Refusing
from cli.run_directory import RunDirectory
from cli.screen import Screen
from cli.state import accounts
from cli.stopping import Stopped, Stopping
from cli.supervisor import SupervisorGone
from shared.kernel.settings import Misconfigured


@click.command(cls=Refusing)
@run_directory("Where everything of this run is kept (RUN_DIRECTORY).")
@click.option(
    "--aws", "aws_itself", is_flag=True, envvar="SPEAKTRACKER_AWS", help="Use AWS itself, with your own credentials."
)
@click.option("--verbose", is_flag=True, help="Show here what every program logs; it is in files either way.")
def up(directory: Path, aws_itself: bool, verbose: bool) -> None:
    """Start everything here and keep it running until Ctrl-C.

    AWS and Redis are embedded, unless AWS_ENDPOINT_URL or REDIS_URL name others. PORT is the gateway's port;
    FORMATION says how many of each worker run, as in `FORMATION=worker-tts=2,worker-ai=3`.
    What was stored is there again at the next start.
    """
    os.umask(0o077)  # logs, stores and secrets of a run are its owner's alone
    screen = Screen()
    run_directory = RunDirectory(directory)
    with run_directory.locked():
        left = clean(run_directory)
        if left:
            screen.show(f"Ended {left} processes that an earlier run had left.")
        run_directory.bound_log()
        plan = _planned(run_directory, aws_itself=aws_itself)
        stopping = Stopping()
        laptop = Laptop(plan, run_directory, screen, stopping, shows_logs=verbose)
        with stopping.on_signals():
            _run(laptop, partial(_announce, plan, run_directory, screen, shows_logs=verbose))


def _planned(directory: RunDirectory, *, aws_itself: bool) -> Plan:
    """Return the plan; where it is refused, nothing of it is left."""
    try:
        return make_plan(directory, Path.cwd(), os.environ, aws_itself=aws_itself)
    except (click.ClickException, Misconfigured):
        directory.undo()
        raise


def _run(laptop: Laptop, announce: Callable[[], None]) -> None:
    try:
        laptop.start()
        announce()
        laptop.watch()
    except SupervisorGone as gone:
        raise click.ClickException(f"The supervisor of all programs ended. {gone}") from gone
    except Stopped:
        return
    finally:
        laptop.stop()


def _announce(plan: Plan, directory: RunDirectory, screen: Screen, *, shows_logs: bool) -> None:
    screen.show(Text(f"\nSpeakTracker is ready: {plan.base}", style="bold green"))
    screen.show(f"  API documents   {plan.base}/docs")
    screen.show(f"  Addresses       {directory.state}")
    screen.show(f"  Logs            {directory.log}{'' if shows_logs else '  (--verbose shows them here)'}")
    if plan.flower:
        address, login = plan.flower
        screen.show(f"  Workers         {address}  {login.replace(':', '  ', 1)}")
    for account in [] if plan.uses_aws_itself else accounts():
        screen.show(f"  Sign in as      {account['email']}  {account['password']}")
    screen.show("Ctrl-C stops everything; what was stored is kept.\n")
