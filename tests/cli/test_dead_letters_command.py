"""`speaktracker dead-letters` finds the running platform, and says in a sentence what it refuses."""

import json
import os
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from cli.dead_letter_tables import show_dry_run, show_letter, show_list
from cli.main import speaktracker
from cli.platform_settings import operator_name, running_settings
from shared.domains.dead_letters.contract import DeadLetterDetails, DeadLetterItem, DryRun, LetterCheck
from shared.domains.dead_letters.models import Audit, DeadLetter, Death, LetterState, ReplayOutcome

STATE = {
    "addresses": {"aws": "http://127.0.0.1:1", "redis": "redis://127.0.0.1:2/0"},
    "aws": {"region": "ap-northeast-2", "table": "SomeTable", "bucket": "some-bucket"},
}


def a_letter() -> DeadLetter:
    return DeadLetter(
        id="j1",
        state=LetterState.OPEN,
        queue="persistence",
        death=Death.FAILED,
        error="ValueError: [words]",
        fingerprint="f",
        first_at="2026-01-02",
        last_at="2026-01-03",
    )


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "SPEAKTRACKER_AWS", "RUN_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


def invoke(*words: str, directory: Path) -> tuple[int, str]:
    done = CliRunner().invoke(speaktracker, ["dead-letters", "--directory", str(directory), *words])
    return done.exit_code, done.output


@pytest.mark.usefixtures("nowhere")
def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    code, said = invoke("list", directory=tmp_path / "nothing")

    assert (code, "Nothing runs on this laptop" in said) == (1, True)


@pytest.mark.usefixtures("nowhere")
def test_nothing_is_replayed_by_saying_nothing(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps(STATE))

    code, said = invoke("replay", directory=tmp_path)

    assert code == 1
    assert "name a queue, task, fingerprint or time, or say all" in said


def test_the_running_platform_s_settings_are_found_and_left_for_the_producer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state.json").write_text(json.dumps(STATE))
    monkeypatch.setenv("REDIS_URL", "redis://chosen:1/0")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    running_settings(tmp_path, os.environ, aws_itself=False)

    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert (os.environ["CHAT_TABLE_NAME"], os.environ["REDIS_URL"]) == ("SomeTable", "redis://chosen:1/0")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:3")
    assert running_settings(tmp_path, os.environ, aws_itself=False).aws_endpoint_url == "http://127.0.0.1:3"
    with pytest.raises(click.ClickException):
        running_settings(tmp_path / "nothing", {}, aws_itself=False)


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "--from", "yesterday"), "--from: yesterday is not taken. Only those that died at that time"),
        (("list", "--limit", "1000"), "--limit: 1000 is not taken. At most so many (100)."),
        (("replay", "--all", "--rate", "0"), "--rate: 0.0 is not taken. So many a second (50)."),
    ],
)
def test_what_is_refused_is_named_as_it_was_typed(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps(STATE))
    code, told = invoke(*words, directory=tmp_path)
    assert code == 1
    assert said in told
    assert not {"pydantic", "pattern", "Input should"} & set(told.split())


def test_foreign_text_is_neither_markup_nor_an_order_to_the_terminal() -> None:
    console = Console(width=300, record=True, file=StringIO(), force_terminal=True)
    odd = "a/b[/]\x1b[2J\ud800\u202e[bold]"
    letter = a_letter().model_copy(update={"id": odd, "task": odd, "error": odd, "traceback": odd})
    check = LetterCheck(
        id=odd, task=odd, outcome=ReplayOutcome.SENT, is_done=False, has_arguments=True, is_task_known=True
    )
    show_list([DeadLetterItem.of(letter)], console)
    show_letter(DeadLetterDetails.shown(letter, [], is_revealed=True), console)
    show_dry_run(DryRun(matching=1, is_whole=True, checks=[check]), console)
    shown = console.export_text()
    assert shown.count("a/b[/]\\x1b[2J\\ud800\\u202e[bold]") >= 4
    assert "\x1b[2J" not in shown


def test_who_is_at_the_shell_is_named() -> None:
    assert operator_name({"USER": "min"}) == "shell:min"
    assert operator_name({"USER": "root", "SUDO_USER": "ann"}) == "shell:ann"
    assert operator_name({}).startswith("shell:")


def test_tables_show_ids_whole_and_texts_as_they_are() -> None:
    console = Console(width=200, record=True, file=None, force_terminal=False)
    line = Audit(letter_id="j1", at="2026-01-03", by="shell:min", action="discarded", details="[because]")

    show_list([DeadLetterItem.of(a_letter())], console)
    show_letter(DeadLetterDetails.shown(a_letter(), [line], is_revealed=True), console)

    text = console.export_text()
    for expected in ("j1", "ValueError [7 characters]", "[words]", "[because]"):
        assert expected in text


def test_no_table_is_cut_on_a_narrow_terminal() -> None:
    console = Console(width=80, record=True, file=StringIO(), force_terminal=False, markup=False)
    long = "a_domain_with_a_long_name.and_a_verb_with_many_words_in_it"
    letter = a_letter().model_copy(update={"task": long, "error": f"{'Very' * 30}Error", "id": "0" * 36})
    show_list([DeadLetterItem.of(letter)], console)
    shown = console.export_text()
    assert "…" not in shown
    assert "0" * 36 in shown
    assert (shown.count("_"), shown.count("V")) == (long.count("_"), 30)
