"""The JSON Schema of every command, answer, event and job, committed: a review shows what clients will notice."""

import json
from pathlib import Path

import click
from pydantic import BaseModel

from cli.refusals import Refusing
from shared.catalogue import ANSWERS, EVENTS, JOBS, ROOM_COMMANDS, USER_COMMANDS

DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "contracts"


@click.command(cls=Refusing)
@click.option("--write", is_flag=True, help="Write the files; without it, say which are not current.")
def contracts(write: bool) -> None:
    """Generate docs/contracts from the code, or check that they are current (exit code 1 if not)."""
    wanted = schemas()
    if write:
        write_schemas(wanted)
        return
    stale = [name for name, text in wanted.items() if not _is_current(name, text)]
    surplus = [path.name for path in DIRECTORY.glob("*.json") if path.name not in wanted]
    for name in (*stale, *surplus):
        click.echo(f"docs/contracts/{name} is not current: make contracts writes it")
    if stale or surplus:
        raise SystemExit(1)


def schemas() -> dict[str, str]:
    """Return the text of each file by its name."""
    kinds: dict[str, tuple[type[BaseModel], ...]] = {
        "command": (*ROOM_COMMANDS, *USER_COMMANDS),
        "answer": ANSWERS,
        "event": EVENTS,
        "job": JOBS,
    }
    return {f"{kind}.{model.__name__}.json": _text(model) for kind, models in kinds.items() for model in models}


def write_schemas(wanted: dict[str, str]) -> None:
    """Make the directory hold exactly these files."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for path in DIRECTORY.glob("*.json"):
        path.unlink()
    for name, text in wanted.items():
        (DIRECTORY / name).write_text(text, "utf-8")


def _text(model: type[BaseModel]) -> str:
    return json.dumps(model.model_json_schema(mode="validation"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _is_current(name: str, text: str) -> bool:
    path = DIRECTORY / name
    return path.exists() and path.read_text("utf-8") == text
