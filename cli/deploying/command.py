"""`speaktracker units` and `template`: files to deploy by, written or compared with what they are made from."""

from pathlib import Path

import click

from cli.deploying.template import template
from cli.deploying.units import units
from cli.printing import say
from cli.procfile import read_procfile
from cli.refusals import Refusing

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "deploy" / "systemd"


TEMPLATE = ROOT / "deploy" / "cloudformation" / "resources.json"


@click.command("template", cls=Refusing)
@click.option("--write", is_flag=True, help="Write deploy/cloudformation; without it, say whether it is current.")
def template_command(write: bool) -> None:
    """Make the template of CloudFormation from the definitions, or say whether it is current (exit code 1 if not)."""
    text = template(ROOT / "Procfile")
    if write:
        TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
        TEMPLATE.write_text(text, encoding="utf-8")
    elif not _is_current(TEMPLATE, text):
        say("deploy/cloudformation/resources.json is not current: `speaktracker template --write` writes it.")
        raise SystemExit(1)


@click.command("units", cls=Refusing)
@click.option("--write", is_flag=True, help="Write deploy/systemd; without it, say what is not current.")
def units_command(write: bool) -> None:
    """Make systemd's units from the Procfile, or say whether they are current (exit code 1 if not)."""
    wanted = units(read_procfile(ROOT / "Procfile"))
    surplus = [path for path in PLACE.glob("*.*") if path.name not in wanted]
    stale = [name for name, text in wanted.items() if not _is_current(PLACE / name, text)]
    if write:
        _write(wanted, surplus)
        return
    for name in (*stale, *(path.name for path in surplus)):
        say(f"deploy/systemd/{name} is not current: `speaktracker units --write` writes it.")
    if stale or surplus:
        raise SystemExit(1)


def _write(wanted: dict[str, str], surplus: list[Path]) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    for path in surplus:
        path.unlink()
    for name, text in wanted.items():
        (PLACE / name).write_text(text, encoding="utf-8")


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
