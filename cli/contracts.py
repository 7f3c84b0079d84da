"""The contracts, committed: a review shows what clients will notice, and what would break them is refused.

`docs/contracts` holds the JSON Schema of every command, answer, event and job, and both documents of the API; its
folder `released` holds the documents that clients were last given.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from cli.contract_changes import Comparison
from cli.refusals import Refusing
from shared.catalogue import ANSWERS, EVENTS, JOBS, ROOM_COMMANDS, USER_COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DIRECTORY = ROOT / "docs" / "contracts"
RELEASED = DIRECTORY / "released"
DOCUMENTS = ("openapi.json", "asyncapi.json")


@click.command(cls=Refusing)
@click.option("--write", is_flag=True, help="Write the schemas; without an option, say which are not current.")
@click.option("--diff", "revision", metavar="REV", help="Say what changed since a revision, and what breaks clients.")
@click.option("--released", is_flag=True, help="Say what changed since the documents that clients were last given.")
@click.option("--release", is_flag=True, help="Note today's documents as what clients are given.")
def contracts(write: bool, revision: str | None, released: bool, release: bool) -> None:
    """Generate docs/contracts from the code, or check that they are current (exit code 1 if not)."""
    if write:
        write_schemas(schemas())
    elif release:
        _release()
    elif revision is not None:
        _compare({name: _at(revision, name) for name in DOCUMENTS}, f"in {revision}")
    elif released:
        _compare({name: _read(RELEASED / name) for name in DOCUMENTS}, "in what was released")
    else:
        _check()


def schemas() -> dict[str, str]:
    """Return the text of each schema's file by its name."""
    kinds: dict[str, tuple[type[BaseModel], ...]] = {
        "command": (*ROOM_COMMANDS, *USER_COMMANDS),
        "answer": ANSWERS,
        "event": EVENTS,
        "job": JOBS,
    }
    return {f"{kind}.{model.__name__}.json": _text(model) for kind, models in kinds.items() for model in models}


def schema_files() -> Iterator[Path]:
    """Give the files of schemas that are there; the documents are written by the gateway's side."""
    return (path for path in DIRECTORY.glob("*.json") if path.name not in DOCUMENTS)


def write_schemas(wanted: dict[str, str]) -> None:
    """Make the directory hold exactly these schemas."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for path in schema_files():
        path.unlink()
    for name, text in wanted.items():
        (DIRECTORY / name).write_text(text, "utf-8")


def _check() -> None:
    wanted = schemas()
    stale = [name for name, text in wanted.items() if not _is_current(name, text)]
    surplus = [path.name for path in schema_files() if path.name not in wanted]
    for name in (*stale, *surplus):
        click.echo(f"docs/contracts/{name} is not current: make contracts writes it")
    if stale or surplus:
        raise SystemExit(1)


def _release() -> None:
    RELEASED.mkdir(exist_ok=True)
    for name in DOCUMENTS:
        document = json.loads((DIRECTORY / name).read_text("utf-8"))
        (RELEASED / name).write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def _compare(older: dict[str, Any], where: str) -> None:
    """Print every change of both documents; exit code 1 where one breaks clients and the version does not say so."""
    broken = False
    for name, old in older.items():
        if old is None:
            click.echo(f"{name}: there was none {where}")
            continue
        comparison = Comparison(old, _read(DIRECTORY / name))
        for change in comparison.changes():
            click.echo(f"{'BREAKS' if change.breaks else 'adds  '} {name}: {change.place} {change.words}")
            broken |= change.breaks and not comparison.is_announced
    if broken:
        click.echo("This breaks clients: undo it, or raise the first number of CONTRACT_VERSION and say why.")
        raise SystemExit(1)


def _at(revision: str, name: str) -> Any:
    place = f"{revision}:docs/contracts/{name}"
    found = subprocess.run(["git", "show", place], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode and "exists on disk, but not in" not in found.stderr and "does not exist" not in found.stderr:
        raise click.ClickException(found.stderr.strip())
    return None if found.returncode else json.loads(found.stdout)


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def _text(model: type[BaseModel]) -> str:
    return json.dumps(model.model_json_schema(mode="validation"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _is_current(name: str, text: str) -> bool:
    path = DIRECTORY / name
    return path.exists() and path.read_text("utf-8") == text
