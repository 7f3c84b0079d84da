"""`speaktracker drill`: kills what can die, and proves that nothing acknowledged is lost."""

import asyncio
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.drills.catalogue import ALL_DRILLS, carry_out
from cli.drills.disk import can_mount
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import a_scene
from cli.drills.sinks import disk_full
from cli.options import json_option
from cli.printing import console, print_json, table
from cli.refusals import Refusing
from cli.stopping import Stopped, Stopping

ALL = "all"


@click.command(cls=Refusing)
@click.argument("names", nargs=-1, type=click.Choice([ALL, *ALL_DRILLS]))
@click.option("--quick", is_flag=True, help="The small form, as the tests run it.")
@json_option
def drill(names: tuple[str, ...], quick: bool, as_json: bool) -> None:
    """Do harm to a platform under load, one of its own for each drill, and compare what clients heard with the table.

    Without a name, or with `all`, every drill is carried out. Exits with 1 if anything acknowledged was lost, or
    anything was doubled, invented or put out of order.
    """
    shown = Console(stderr=True, highlight=False, markup=False) if as_json else console()
    chosen = list(ALL_DRILLS) if not names or ALL in names else list(dict.fromkeys(names))
    outcomes = {name: _own(name, Scale(not quick), shown) for name in chosen}
    if as_json:
        print_json({name: asdict(outcome) for name, outcome in outcomes.items()})
    shown.print(_table(outcomes))
    for name, outcome in outcomes.items():
        for fault in outcome.faults:
            shown.print(Text(f"{name}: {fault}", "bold red"), soft_wrap=True)
    if not all(outcome.is_good for outcome in outcomes.values()):
        raise click.exceptions.Exit(1)


def _own(name: str, scale: Scale, shown: Console) -> Outcome:
    shown.print(f"{name} …")
    try:
        with Stopping().on_signals():
            outcome = asyncio.run(_on_own_platform(name, scale))
    except Stopped:  # its platform is stopped by now
        raise click.Abort from None
    shown.print(f"  {outcome.sent} sent, {outcome.acknowledged} acknowledged, {outcome.found} found,")
    wrong = f"{outcome.lost} lost, {outcome.doubled} doubled, {outcome.hidden} hidden"
    shown.print(f"  {wrong}; recovery {outcome.recovery:.1f} s; {outcome.note}")
    return outcome


async def _on_own_platform(name: str, scale: Scale) -> Outcome:
    has_small_disk = scale.is_long and ALL_DRILLS[name] is disk_full and can_mount()
    async with a_scene(has_small_disk=has_small_disk, **scale.settings) as scene:
        return await carry_out(name, scene, scale)


def _table(outcomes: dict[str, Outcome]) -> Table:
    drills = table("drill", "sent", "acknowledged", "found", "lost", "doubled", "hidden", "recovery", "what was done")
    for name, one in outcomes.items():
        counts = (one.sent, one.acknowledged, one.found, one.lost, one.doubled, one.hidden)
        style = "" if one.is_good else "bold red"
        drills.add_row(Text(name, style), *map(str, counts), f"{one.recovery:.1f} s", one.note)
    return drills
