"""`speaktracker privileges`: the page of what each type of process may ask of AWS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cli.deploying.privileges.allowed import ALLOWED, ANY, Allowed
from cli.deploying.privileges.asked import read_queues
from cli.deploying.privileges.policies import reads_of, sends_of, statements
from cli.generated_page import keep_page
from cli.procfile import read_procfile
from cli.refusals import Refusing

PAGE = Path("docs/privileges.md")
_HEAD = """\
# Privileges

What each line of the Procfile may ask of AWS, as the managed policy of the template says it. The
policies come from `cli/deploying/privileges/allowed.py`, and `tests/cli/test_privileges.py` reads
out of the code what each program asks, from its tasks or views down through the adapters that are
built on the way, and compares both ways: a call without its permission fails, and so does a
permission without its call. What is signed by nobody (signing up, signing in) needs none.

An instance has the policies of the programs that it runs, and no other. Where nothing is said of a
resource, it is the environment's own: the table with its indexes, the bucket, the user pool, and
for looking at queues those of its prefix. Polly, Transcribe and CloudWatch know no resources that
could be told apart; numbers go to the namespace `SpeakTracker` only. `s3:ListBucket` is what makes
S3 answer 404 instead of 403 for what is not there.

"""


@click.command("privileges", cls=Refusing)
@click.option("--write", is_flag=True, help=f"Write {PAGE}.")
@click.option("--check", is_flag=True, help=f"Fail if {PAGE} is not what would be written.")
def privileges_command(write: bool, check: bool) -> None:
    """Print what each type of process may ask of AWS, or write its page, or check that it is current."""
    page = privileges_page(read_procfile(Path("Procfile")))
    keep_page(PAGE, page, write=write, check=check, command="speaktracker privileges")


def privileges_page(programs: dict[str, str]) -> str:
    """Return the page: a table of actions and one of queues for every program."""
    return _HEAD + "\n".join(line for name, command in programs.items() for line in _part(name, command))


def _part(name: str, command: str) -> Iterator[str]:
    allowed, own = ALLOWED[name], read_queues(command)
    yield f"## {name}\n"
    yield "| Service | Actions | On |"
    yield "| --- | --- | --- |"
    for one in statements(allowed, own):
        service = one["Action"][0].partition(":")[0]
        actions = ", ".join(action.partition(":")[2] for action in one["Action"])
        yield f"| {service} | {actions} | {_on(one, allowed, own)} |"
    yield ""


def _on(statement: dict[str, Any], allowed: Allowed, own: frozenset[str]) -> str:
    match statement["Sid"]:
        case "ReadQueues":
            return _named(reads_of(allowed, own))
        case "SendToQueues" if ANY in allowed.sends:
            return "every queue of the catalogue"
        case "SendToQueues":
            return _named(sends_of(allowed, own))
        case "LookAtQueues":
            return "the environment's queues"
        case "Secrets":
            return _named(allowed.secrets)
        case "Model":
            return "the parameter BedrockModels"
        case "Page":
            return "PeopleTopic"
    return _PLACES.get(statement["Sid"], "")


def _named(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_PLACES = {
    "Table": "the table, its indexes",
    "Objects": "the bucket's objects",
    "MissingObjects": "the bucket",
    "People": "the user pool",
    "Guardrail": "the account's guardrails",
    "Mail": "the account's identities",
    "PutMetric": "the namespace `SpeakTracker`",
}
