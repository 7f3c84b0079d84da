"""What goes wrong in a command is a sentence for whoever typed it, in every command there is."""

from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner
from redis.exceptions import ConnectionError as RedisAway

from cli.groups import Told
from cli.main import speaktracker
from cli.refusals import Refusing
from shared.kernel.errors import NotFound, Unavailable
from speaktracker_client.errors import Refused

ODD = "[/]\x1b[2J\u202e"
SPELT = "[/]\\x1b[2J\\u202e"
PIPED = {
    "status",
    "trace",
    "check",
    "dead-letters list",
    "dead-letters replay",
    "dead-letters show",
    "drill",
    "migrate",
    "provision",
    "queues drain",
    "queues list",
    "security",
}


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


def test_every_command_refuses_in_sentences_and_what_operators_pipe_has_json() -> None:
    found = dict(commands(speaktracker))
    assert [name for name, one in found.items() if not isinstance(one, Refusing | Told)] == []
    with_json = {name for name, one in found.items() if any("--json" in option.opts for option in one.params)}
    assert with_json >= PIPED


def refused(problem: Exception) -> str:
    @click.command(cls=Refusing)
    @click.option("--some-limit", "limit", help="At most 3.")
    def command(limit: str) -> None:
        raise problem

    done = CliRunner().invoke(command, ["--some-limit", "4"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    return done.output


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ClientError({"Error": {"Code": "AccessDenied", "Message": ODD}}, "GetItem"), "AWS: An error occurred"),
        (RedisAway(ODD), "Redis: "),
        (httpx.ConnectError(ODD), "The platform: "),
        (Refused({"error": "CONFLICT", "message": ODD}), "The platform: CONFLICT: "),
        (NotFound(ODD), "Error: "),
    ],
)
def test_what_others_answer_is_told_without_orders_to_the_terminal(problem: Exception, said: str) -> None:
    told = refused(problem)
    assert said in told
    assert SPELT in told
    assert "\x1b" not in told


def test_what_is_away_is_told_with_its_cause() -> None:
    away = Unavailable("A service did not answer.")
    away.__cause__ = OSError("no route to table.example")
    assert refused(away) == "Error: A service did not answer. (no route to table.example)\n"


def test_a_refused_field_is_named_as_it_was_typed() -> None:
    told = refused(NotFound("It is not there.", details=[{"field": "limit", "message": "at most 3"}]))
    assert "--some-limit: at most 3" in told


def test_a_fault_of_ours_stays_one() -> None:
    @click.command(cls=Refusing)
    def command() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(command, []).exception, ZeroDivisionError)


@pytest.mark.parametrize("content", [b"{", b'{"a": "\xff"}', b"[" * 100_000])
def test_arguments_that_are_no_json_are_named_by_their_option(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "arguments.json"
    file.write_bytes(content)
    done = CliRunner().invoke(speaktracker, ["dead-letters", "edit", "j1", "--arguments", str(file)])
    assert (done.exit_code, "Traceback" in done.output) == (2, False)
    assert "'--arguments'" in done.output
    assert "is not JSON" in done.output


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("rebuild-statistics", "--user", "u", "--day", "2026-02-31"), "'--day'"),
        (("queues", "drain", "--wait", "-1"), "'--wait'"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_option(words: tuple[str, ...], option: str) -> None:
    done = CliRunner().invoke(speaktracker, list(words))
    assert (done.exit_code, option in done.output) == (2, True), done.output
