"""Corrections: every common error in the list is put right, and not one right sentence is touched."""

import json
import re
from pathlib import Path

import pytest

from embedded.bedrock.corrections import rules
from embedded.bedrock.corrections.correcting import correct
from embedded.bedrock.corrections.rules import all_rules
from embedded.bedrock.corrections.verbs import all_verbs
from tests.embedded.bedrock.sentences import RIGHT, WRONG

KOREAN = re.compile(r"[가-힣]")


@pytest.mark.parametrize("sentence", RIGHT)
def test_what_is_right_is_left_alone(sentence: str) -> None:
    assert correct(sentence, "en") is None


@pytest.mark.parametrize("pair", WRONG)
def test_what_is_wrong_is_put_right(pair: str) -> None:
    wrong, right = pair.split(" | ")
    corrected = correct(wrong, "en")

    assert corrected is not None
    assert corrected.better == right
    assert corrected.why


@pytest.mark.parametrize("pair", WRONG)
def test_what_was_put_right_stays(pair: str) -> None:
    assert correct(pair.split(" | ")[1], "en") is None


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(set(RIGHT)) >= 150
    assert len(set(WRONG)) >= 100
    assert len(all_rules().rules) >= 60
    assert len({verb.base for verb in all_verbs().known if not verb.past.endswith("ed")}) >= 110


def test_why_is_told_in_the_language_that_is_asked_for() -> None:
    english, korean = correct("He don't like it.", "en"), correct("He don't like it.", "ko")

    assert english is not None
    assert korean is not None
    assert english.better == korean.better
    assert KOREAN.search(english.why) is None
    assert KOREAN.search(korean.why) is not None


def test_every_rule_explains_itself_in_both_languages() -> None:
    for rule in all_rules().rules:
        assert rule.why.en
        assert KOREAN.search(rule.why.ko), rule.name


def test_every_rule_has_a_name_of_its_own() -> None:
    told = json.loads(Path(rules.__file__).with_name("rules.json").read_text("utf-8"))["rules"]
    assert len({rule["name"] for rule in told}) == len(told)


def test_several_errors_of_several_sentences_are_put_right_together() -> None:
    corrected = correct("Yesterday I go to home.  He don't like it! Is fine?", "en")

    assert corrected is not None
    assert corrected.better == "Yesterday I went home.  He doesn't like it! Is fine?"
    assert len(corrected.reasons) == 3


def test_a_curly_apostrophe_stays_curly() -> None:
    corrected = correct("He don’t like it.", "en")

    assert corrected is not None
    assert corrected.better == "He doesn’t like it."
    assert correct("He doesn’t like it.", "en") is None


@pytest.mark.parametrize("text", ["", " ", "안녕하세요", "?!", "\n\n", "a" * 5000, "I " * 2500])
def test_any_text_is_taken(text: str) -> None:
    correct(text, "ko")
