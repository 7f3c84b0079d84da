"""`speaktracker security`: attacks a running platform and says what was refused."""

from pathlib import Path

import click
from rich.table import Table

from cli.options import json_option, run_directory
from cli.printing import console, print_json, table
from cli.refusals import Refusing
from cli.run_directory import RunDirectory
from cli.security.families import FAMILIES, Case
from cli.security.people import Target
from shared.kernel.characters import shown_safely

LONGEST_SEEN = 60


@click.command(cls=Refusing)
@run_directory("Where the running platform is looked for.")
@json_option
def security(directory: Path, as_json: bool) -> None:
    """Attack the platform that runs on this laptop; exits with 1 if anything was let through.

    It makes people and rooms of its own, and leaves them; use a platform with data that nobody needs.
    """
    state = RunDirectory(directory).read("state.json") if directory.exists() else {}
    address = state.get("addresses", {}).get("web")
    if address is None:
        raise click.ClickException("Nothing runs on this laptop: start it with `make run`.")
    target = Target(address, directory / "log.jsonl", state)
    student, tutor = target.person(), target.person("tutor")
    seen: dict[str, list[Case]] = {}
    for name, family in FAMILIES.items():
        seen[name] = list(family(target, student, tutor))
        click.echo(f"{name}: {len(seen[name])} tried", err=as_json)
    if as_json:
        print_json({name: [_case(case) for case in cases] for name, cases in seen.items()})
    else:
        console().print(_table(seen))
    if any(not refused for cases in seen.values() for _, refused, _ in cases):
        raise click.exceptions.Exit(1)


def _case(case: Case) -> dict[str, object]:
    what, refused, answer = case
    return {"case": what, "refused": refused, "answer": answer}


def _table(seen: dict[str, list[Case]]) -> Table:
    families = table("family", "cases", "refused", "let through")
    for name, cases in seen.items():
        through = [f"{what}: {answer}" for what, refused, answer in cases if not refused]
        said = "; ".join(shown_safely(one)[:LONGEST_SEEN] for one in through[:10])
        families.add_row(name, str(len(cases)), str(sum(refused for _, refused, _ in cases)), said or "nothing")
    return families
