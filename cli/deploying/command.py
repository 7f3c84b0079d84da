"""`speaktracker units` and `template`: files to deploy by, written or compared with what they are made from."""

from pathlib import Path

import click

from cli.deploying.access import access_template
from cli.deploying.platform import platform_template
from cli.deploying.template import template
from cli.deploying.units import units
from cli.printing import say
from cli.procfile import read_procfile
from cli.refusals import Refusing

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "deploy" / "systemd"


TEMPLATES = ROOT / "deploy" / "cloudformation"
TEMPLATE = TEMPLATES / "resources.json"


@click.command("template", cls=Refusing)
@click.option("--write", is_flag=True, help="Write deploy/cloudformation; without it, say whether it is current.")
def template_command(write: bool) -> None:
    """Make CloudFormation's templates from the definitions, or say which are not current (exit code 1 if any)."""
    stale = False
    for name, text in templates().items():
        if write:
            TEMPLATES.mkdir(parents=True, exist_ok=True)
            (TEMPLATES / name).write_text(text, encoding="utf-8")
        elif not _is_current(TEMPLATES / name, text):
            say(f"deploy/cloudformation/{name} is not current: `speaktracker template --write` writes it.")
            stale = True
    if stale:
        raise SystemExit(1)


def templates() -> dict[str, str]:
    """Return the text of every template by its file's name, in the order in which their stacks are made."""
    procfile = ROOT / "Procfile"
    return {
        "resources.json": template(procfile),
        "access.json": access_template(procfile),
        "platform.json": platform_template(procfile),
    }


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
