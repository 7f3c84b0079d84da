import json
from typing import Any

import pytest

from shared.domains.practice.models import (
    Difficulty,
    Pronunciation,
    PronunciationResult,
    SpokenWord,
    Unheard,
    WordStatus,
)
from shared.domains.practice.rules import advising
from shared.domains.practice.rules.advising import feedback_on, hint_of


def a_word(word: str, status: str = "correct", score: float | None = 90.0, **more: Any) -> SpokenWord:
    return SpokenWord(word=word, status=WordStatus(status), score=score, **more)


def a_result(*words: SpokenWord, overall: float = 72.0, **more: Any) -> PronunciationResult:
    fields: dict[str, Any] = {"fluency": 90.0, "confidence": 0.9, "duration_ms": 900, "heard": "x"} | more
    scored = Pronunciation(
        words=list(words), overall=overall, word_accuracy=overall, completeness=100.0, prosody=None, **fields
    )
    return PronunciationResult(
        result_id="r", user_id="ann", original_text="x", transcribed_text="x", scored=scored, created_at="2026"
    )


def test_at_most_two_things_are_named_the_most_useful_first() -> None:
    result = a_result(
        a_word("rice", "mispronounced", 40.0, hint=Difficulty.R_AS_L),
        a_word("day", "mispronounced", 30.0, heard="they"),
        a_word("your", "missed", 0.0),
        a_word("well", "extra", None),
        fluency=20.0,
    )
    told = feedback_on(result, "en")
    assert told.startswith("Good, and easy to follow")
    assert '"your"' in told
    assert 'In "rice"' in told
    assert "they" not in told
    assert "pauses" not in told


def test_a_word_that_was_heard_as_another_is_named_with_it() -> None:
    told = feedback_on(a_result(a_word("day", "mispronounced", 30.0, heard="they")), "en")
    assert '"day" sounded like "they"' in told


def test_a_sentence_without_a_fault_is_praised_alone() -> None:
    assert feedback_on(a_result(a_word("day"), overall=95.0), "en") == "Very well said."


def test_what_was_said_is_no_form_to_be_filled_in() -> None:
    told = feedback_on(a_result(a_word("{heard}", "mispronounced", 1.0, heard="{words} {0}")), "en")
    assert '"{heard}" sounded like "{words} {0}"' in told


@pytest.mark.parametrize("unheard", list(Unheard))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_could_not_be_heard_is_told_without_a_grade(unheard: Unheard, language: str) -> None:
    told = feedback_on(a_result(unheard=unheard, overall=0.0), language)
    assert told
    assert told.isascii() is (language == "en")


@pytest.mark.parametrize("difficulty", list(Difficulty))
def test_every_difficulty_has_a_sentence_in_both_languages_and_two_words_to_tell_apart(difficulty: Difficulty) -> None:
    word = a_word("rice", hint=difficulty)
    english, korean = hint_of(word, "en"), hint_of(word, "ko")
    assert english
    assert korean
    assert english.text != korean.text
    assert len(set(english.minimal_pair or ())) == 2


def test_the_advice_names_nothing_that_the_rules_do_not_know() -> None:
    advice = json.loads(advising._FILE.read_text("utf-8"))
    assert set(advice["difficulties"]) == set(Difficulty)
    assert set(advice["unheard"]) == set(Unheard)
