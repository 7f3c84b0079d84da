"""`speaktracker security`: attacks a running platform and says what was refused."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import httpx
from rich.table import Table
from websockets.exceptions import WebSocketException

from cli.options import json_option, run_directory
from cli.printing import console, print_json, table
from cli.refusals import Refusing
from cli.run_directory import RunDirectory
from cli.security.cases import Case, Family
from cli.security.families import FAMILIES
from cli.security.people import Person, Target
from shared.kernel.characters import shown_safely

LONGEST_SEEN = 120
SHOWN = 8
_BROKEN = (httpx.HTTPError, WebSocketException, LookupError, ValueError, TypeError, OSError)
"""What an answer of another form than expected comes to in a family's own code."""


@click.command(cls=Refusing)
@run_directory("Where the running platform is looked for.")
@click.option("--only", multiple=True, type=click.Choice(list(FAMILIES)), help="Only this family; may be repeated.")
@click.option("--markdown", is_flag=True, help="Print the table as docs/security.md has it.")
@json_option
def security(directory: Path, only: tuple[str, ...], markdown: bool, as_json: bool) -> None:
    """Attack the platform that runs on this laptop; exits with 1 if anything was let through.

    It makes people and rooms of its own, and leaves them; use a platform with data that nobody needs. It takes about
    five minutes on an idle laptop.
    """
    state = RunDirectory(directory).read("state.json") if directory.exists() else {}
    address = state.get("addresses", {}).get("web")
    if address is None:
        raise click.ClickException("Nothing runs on this laptop: start it with `make run`.")
    target = Target(address, directory / "log.jsonl", state)
    student, tutor = target.person(), target.person("tutor")
    seen: dict[str, list[Case]] = {}
    for name in only or FAMILIES:
        begun = time.monotonic()
        seen[name] = list(_tried(FAMILIES[name], target, student, tutor))
        click.echo(f"{name}: {len(seen[name])} tried in {time.monotonic() - begun:.0f} s", err=markdown or as_json)
    _show(seen, markdown=markdown, as_json=as_json)
    if any(not refused for cases in seen.values() for _, refused, _ in cases):
        raise click.exceptions.Exit(1)


def _tried(family: Family, target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Give a family's cases; where it breaks off, that is one more, which was not refused."""
    try:
        yield from family(target, student, tutor)
    except _BROKEN as problem:
        yield "the family broke off", False, f"{type(problem).__name__}: {problem}"


def _show(seen: dict[str, list[Case]], *, markdown: bool, as_json: bool) -> None:
    if as_json:
        print_json({name: [_fields(case) for case in cases] for name, cases in seen.items()})
    elif markdown:
        click.echo(_markdown(seen))
    else:
        console().print(_table(seen))


def _fields(case: Case) -> dict[str, object]:
    what, refused, answer = case
    return {"case": what, "refused": refused, "answer": answer}


def _rows(seen: dict[str, list[Case]]) -> Iterator[tuple[str, str, str, str]]:
    for name, cases in seen.items():
        through = [f"LET THROUGH {what}: {answer}" for what, refused, answer in cases if not refused]
        told = [answer for _, refused, answer in cases if refused]
        usual = [answer if count == 1 else f"{answer} × {count}" for answer, count in Counter(told).most_common(SHOWN)]
        said = "; ".join(shown_safely(one)[:LONGEST_SEEN] for one in [*through, *usual][:SHOWN])
        yield name, str(len(cases)), str(sum(refused for _, refused, _ in cases)), said


def _table(seen: dict[str, list[Case]]) -> Table:
    families = table("family", "cases", "refused", "seen")
    for row in _rows(seen):
        families.add_row(*row)
    return families


def _markdown(seen: dict[str, list[Case]]) -> str:
    rows = [("Family", "Cases", "Refused", "Seen"), ("---",) * 4, *_rows(seen)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
