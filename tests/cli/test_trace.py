"""The story of a request is gathered from lines of several processes, and shown in its order."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from cli.main import speaktracker
from cli.tracing.story import story_of
from cli.tracing.waterfall import rows_of, show


def line(second: float, event: str, **fields: Any) -> str:
    return json.dumps({"timestamp": f"2026-01-02T03:04:{second:09.6f}Z", "event": event, "process": "web"} | fields)


LOG = [
    line(1.0, "batch.queued", requestId="group", requests=["mine", "other"], names=["m1", "m2"], items=2),
    line(0.5, "frame", requestId="mine", action="sendMessage", took_ms=20.0, traceId="t" * 32),
    line(2.0, "job.done", requestId="group", task="messages.store_messages", queue="persistence", duration=0.4,
         queueSeconds=0.3, process="worker"),
    line(1.2, "job.began", requestId="group", task="messages.store_messages"),
    line(3.0, "request", requestId="another", method="GET", route="/rooms", took_ms=3),
    "worker said: " + line(2.5, "pushed", requestId="mine", type="message"),
    '{"event": "broken mine',
    "no line of ours, mine",
    json.dumps(["mine"]),
]  # fmt: skip


def told(identifier: str) -> list[str]:
    return [str(one["event"]) for one in story_of(identifier, lambda: LOG).lines]


def test_a_request_is_followed_through_the_batch_that_it_was_part_of() -> None:
    assert told("mine") == ["frame", "batch.queued", "job.began", "job.done", "pushed"]


@pytest.mark.parametrize("identifier", ["t" * 32, "m1"])
def test_it_is_found_by_its_trace_and_by_what_it_made(identifier: str) -> None:
    assert {"frame" if identifier[0] == "t" else "batch.queued"} <= set(told(identifier))


def test_what_belongs_to_nobody_is_no_story() -> None:
    assert told("unheard-of") == []
    assert told("another") == ["request"]


def test_a_job_shows_how_long_it_waited_and_how_long_it_ran() -> None:
    rows = rows_of(story_of("mine", lambda: LOG).lines)
    found = {row.what: round((row.end - row.begin).total_seconds(), 3) for row in rows}

    assert found["persistence (waits)"] == 0.3
    assert found["messages.store_messages"] == 0.4
    assert rows[0].what == "frame sendMessage"


def test_marks_of_a_turn_become_its_stages() -> None:
    marks = {"queued": 100, "heard": 600, "firstDelta": 1_000, "spoke": 2_000, "whole": 2_100}
    lines = [json.loads(line(3.1, "turn.done", requestId="r", **marks))]
    rows = rows_of(lines)

    assert [(row.what, round((row.end - row.begin).total_seconds(), 3)) for row in rows] == [
        ("turn: queued", 0.1),
        ("turn: heard", 0.5),
        ("turn: thinking, to the first word", 0.4),
        ("turn: speaking", 1.0),
        ("turn: storing, then done", 0.1),
    ]


def test_a_voice_turn_is_seen_from_when_it_was_sent_to_its_first_sound() -> None:
    marks = {"queued": 100, "heard": 600, "firstDelta": 1_000, "spoke": 2_000, "whole": 2_100}
    told = [
        line(3.4, "pushed", requestId="r", type="audioReady", process="tts"),
        line(2.7, "pushed", requestId="r", type="audioReady", process="tts"),
        line(4.9, "turn.done", requestId="r", sentAt="2026-01-02T03:04:01.000000Z", process="ai", **marks),
    ]
    rows = [row for row in rows_of([json.loads(one) for one in told]) if row.what.startswith("turn: ")]

    assert [(row.what, row.begin.second + row.begin.microsecond / 1e6) for row in rows] == [
        ("turn: queued", 1.0),
        ("turn: heard", 1.1),
        ("turn: thinking, to the first word", 1.6),
        ("turn: speaking", 2.0),
        ("turn: first sound", 2.7),
        ("turn: storing, then done", 3.0),
    ]


def test_foreign_text_gives_the_terminal_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of([json.loads(line(1.0, "\x1b[31mevil\x1b[0m [bold]", requestId="r"))])
    show(rows, Console(width=200, force_terminal=False))

    assert "\x1b[31m" not in capsys.readouterr().out


def test_the_command_reads_the_log_of_a_run_and_names_what_it_cannot_find(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("\n".join(LOG), encoding="utf-8")
    run = CliRunner().invoke
    found = run(speaktracker, ["trace", "mine", "--directory", str(tmp_path)])

    assert found.exit_code == 0, found.output
    assert "messages.store_messages" in found.output
    assert "Told too: group" in found.output
    as_json = run(speaktracker, ["trace", "mine", "--json", "--log", "-"], input="\n".join(LOG))
    assert [json.loads(text)["event"] for text in as_json.output.splitlines()] == told("mine")
    missing = run(speaktracker, ["trace", "unheard-of", "--directory", str(tmp_path)])
    assert missing.exit_code == 1
    assert "No line of the log names unheard-of" in missing.output
    assert run(speaktracker, ["trace", "mine", "--directory", str(tmp_path / "nowhere")]).exit_code == 1
