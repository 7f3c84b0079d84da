"""What events show of an error: its kind and its places, never its words."""

import traceback

import pytest

from shared.adapters.monitoring.redaction import HIDDEN, kind_of, places_of, redact, without_passwords
from shared.adapters.sqs_transport.hand_back import Settled


def raised(error):
    try:
        raise error
    except type(error):
        return traceback.format_exc()


@pytest.mark.parametrize(
    "message", ["private", "two\nprivate lines", "private\n    indented private", '  File "private', "private: text"]
)
def test_messages_are_taken_out(message):
    shown = places_of(raised(ValueError(message)))

    assert "private" not in shown
    assert shown.splitlines()[-1] == "ValueError"
    assert "test_redaction.py" in shown


def test_a_failure_that_was_recorded_elsewhere_says_why_by_classes_alone():
    assert redact({"exception": repr(Settled("ValueError < Unavailable"))})["exception"] == "ValueError < Unavailable"
    for words in ("somebody's words", "ValueError: words", "Two words"):
        assert redact({"exception": repr(Settled(words))})["exception"] == "Settled"


def test_a_cause_is_shown_too():
    key, story = "private key", "private story"
    try:
        try:
            raise KeyError(key)
        except KeyError as error:
            raise RuntimeError(story) from error
    except RuntimeError:
        shown = places_of(traceback.format_exc())

    assert "private" not in shown
    assert [line for line in shown.splitlines() if not line.startswith(" ")][1::2] == ["KeyError", "RuntimeError"]


def test_frames_after_a_repeated_line_are_kept():
    text = (
        "Traceback (most recent call last):\n"
        '  File "a.py", line 1, in f\n    f()\n  [Previous line repeated 9 more times]\n'
        '  File "b.py", line 2, in g\n    g()\nshared.errors.Invalid: private\n'
    )

    shown = places_of(text)

    assert "b.py" in shown
    assert shown.endswith("shared.errors.Invalid")


def test_what_is_no_traceback_is_hidden():
    assert places_of("private") == HIDDEN
    assert kind_of("<private>") == HIDDEN
    assert kind_of("ValueError('private')") == "ValueError"


def test_other_fields_stay():
    fields = {"uuid": "an-id", "result": "'private'", "runtime": 0.1, "args": "(...)"}

    assert redact(fields) == {"uuid": "an-id", "result": HIDDEN, "runtime": 0.1, "args": "(...)"}
    assert fields["result"] == "'private'"


def test_passwords_in_addresses_are_hidden_wherever_they_are():
    settings = {
        "url": "redis://:secret@host/0",
        "more": ["amqp://user:secret@host//", 1],
        "plain": "https://host/a:b@c",
    }

    assert without_passwords(settings) == {
        "url": "redis://:[hidden]@host/0",
        "more": ["amqp://user:[hidden]@host//", 1],
        "plain": "https://host/a:b@c",
    }
