"""The Procfile as it is read, and what supervisor is told of it."""

import configparser
import re
import shlex
from pathlib import Path

import click
import pytest

from cli.procfile import parse_procfile, read_procfile, scaled
from cli.supervision import EMBEDDED, Access, Program, configuration

ROOT = Path(__file__).resolve().parents[2]


def read(text: str) -> configparser.RawConfigParser:
    """Read a configuration by the rules of supervisor's own reader."""
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    parser.read_string(text)
    return parser


def configured(*programs: Program) -> configparser.RawConfigParser:
    return read(
        configuration(programs, Access(9001, "pass%word"), directory=Path("/run/here"), root=Path("/root/here"))
    )


def test_the_repository_procfile_names_programs_that_heroku_takes() -> None:
    programs = read_procfile(ROOT / "Procfile")
    assert {"web", "worker-persistence", "beat"} <= set(programs)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in programs)


def test_comments_and_the_release_phase_are_no_programs() -> None:
    assert parse_procfile("# hello\n\nweb: serve --now\nrelease: migrate\n") == {"web": "serve --now"}


@pytest.mark.parametrize(
    ("text", "said"), [("web serve", "Procfile, line 1"), ("\nweb: a\nweb: b", "two programs named web")]
)
def test_a_wrong_line_is_named(text: str, said: str) -> None:
    with pytest.raises(click.ClickException, match=said):
        parse_procfile(text)


def test_without_a_procfile_it_says_where_to_start(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="repository's root"):
        read_procfile(tmp_path / "Procfile")


def test_a_command_reaches_the_shell_as_it_stands_in_the_file() -> None:
    line = """worker -n one@%h --title 'two words' --port $PORT"""
    command = configured(Program("worker", line))["program:worker"]["command"]
    assert shlex.split(command.replace("%%", "%")) == ["/bin/sh", "-c", f"exec {line}"]


def test_a_program_is_stopped_gently_then_with_its_whole_group() -> None:
    program = configured(Program("web", "serve"))["program:web"]
    assert program["stopsignal"] == "TERM"
    assert program["stopwaitsecs"] == "20"
    assert (program["stopasgroup"], program["killasgroup"]) == ("false", "true")
    assert program["stdout_logfile"] == "/run/here/web.log"
    assert program["directory"] == "/root/here"


def test_the_environment_is_quoted_for_supervisor() -> None:
    environment = {"A": "1,2 % three", "B": 'say "x"'}
    program = configured(Program("web", "serve", environment))["program:web"]
    assert program["environment"] == """A="1,2 %% three",B='say "x"'"""
    with pytest.raises(ValueError, match="quotes"):
        configured(Program("web", "serve", {"A": "\"'"}))


def test_the_platform_stops_together_and_before_what_it_stands_on() -> None:
    found = configured(Program("aws", "a", group=EMBEDDED), Program("web", "b"), Program("beat", "c"))
    assert found["group:platform"]["programs"] == "web,beat"
    assert int(found["group:platform"]["priority"]) > int(found["group:embedded"]["priority"])


def test_supervisor_listens_on_loopback_alone_with_a_password() -> None:
    server = configured()["inet_http_server"]
    assert server["port"] == "127.0.0.1:9001"
    assert server["password"] == "pass%%word"


TWO = {"web": "gunicorn web", "worker-tts": "celery -A app worker -n tts@%h -Q tts"}


def test_a_formation_starts_more_of_a_worker_under_names_of_their_own() -> None:
    assert scaled(TWO, "") == TWO
    assert scaled(TWO, "worker-tts=3") == {
        **TWO,
        "worker-tts-2": "celery -A app worker -n tts-2@%h -Q tts",
        "worker-tts-3": "celery -A app worker -n tts-3@%h -Q tts",
    }
    assert scaled(TWO, "worker-tts=0") == {"web": "gunicorn web"}


@pytest.mark.parametrize(
    "formation", ["web=2", "worker-ai=1", "worker-tts", "worker-tts=-1", "worker-tts=x", "worker-tts=21"]
)
def test_a_formation_that_cannot_be_is_refused(formation: str) -> None:
    with pytest.raises(click.ClickException, match="FORMATION"):
        scaled(TWO, formation)
