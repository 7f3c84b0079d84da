"""The scorer by the voice's own speech: what is said well, left out, added, another sentence, and no speech at all."""

import numpy as np
import pytest

from speech.hearing.mel import Samples
from speech.scoring.results import Result
from speech.scoring.scorer import Scorer
from speech.scoring.sentence import CannotBeSaid, read_sentence
from tests.speech.conftest import Say

SENTENCE = "She works at a hospital near the river."


def scored(scorer: Scorer, samples: Samples, text: str, **asked: object) -> Result:
    return scorer.score(samples.astype("<i2").tobytes(), text, **asked)  # type: ignore[arg-type]


def statuses(result: Result) -> dict[str, str]:
    return {word.word: word.status for word in result.words}


def test_what_is_said_well_scores_high_with_times_in_order(scorer: Scorer, say: Say) -> None:
    stages: list[str] = []
    result = scored(scorer, say(SENTENCE), SENTENCE, progress=stages.append)

    assert stages == ["heard", "aligned", "scored"]
    assert set(statuses(result).values()) == {"correct"}
    assert (result.completeness, result.unheard) == (100.0, None)
    assert result.overall > 75
    assert result.confidence > 0.7
    times = [time for word in result.words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)  # type: ignore[type-var]
    assert result.words[-1].word == "river"
    assert [phone.phone for phone in result.words[0].phones] == ["SH", "IY"]


def test_the_same_is_always_scored_alike(scorer: Scorer, say: Say) -> None:
    first = scored(scorer, say(SENTENCE), SENTENCE)
    scored(scorer, say("Good morning."), "Good morning.")
    assert scored(scorer, say(SENTENCE), SENTENCE) == first


def test_a_word_that_nobody_says_is_missed_and_one_more_is_extra(scorer: Scorer, say: Say) -> None:
    missed = scored(scorer, say(SENTENCE), "She works at a big hospital near the river.")
    extra = scored(scorer, say(SENTENCE), "She works at a hospital near river.")

    assert [word for word, status in statuses(missed).items() if status == "missed"] == ["big"]
    assert missed.completeness == 88.9
    assert [(word.word, word.status) for word in extra.words][-2:] == [("the", "extra"), ("river", "correct")]


def test_another_sentence_is_not_this_one(scorer: Scorer, say: Say) -> None:
    samples = say("The vegetables are fresh and the bread is still warm.")
    for sentence in (SENTENCE, "Good morning!", "I think so."):
        result = scored(scorer, samples, sentence)
        assert (result.unheard, result.overall, result.completeness) == ("other_words", 0.0, 0.0)
        assert set(statuses(result).values()) == {"missed"}


def test_half_a_sentence_is_worth_much_less(scorer: Scorer, say: Say) -> None:
    whole = scored(scorer, say(SENTENCE), SENTENCE).overall
    result = scored(scorer, say("She works at a hospital."), SENTENCE)
    assert statuses(result)["hospital"] == "correct"
    assert statuses(result)["river"] == "missed"
    assert 50 <= result.completeness <= 80
    assert result.overall < whole - 15
    assert result.unheard is None


@pytest.mark.parametrize("level", [0, 40, 3000])
def test_silence_and_noise_are_no_speech(scorer: Scorer, level: int) -> None:
    noise = np.random.default_rng(0).normal(0, level or 1e-9, 48_000).astype(np.int16)
    result = scored(scorer, noise, SENTENCE)
    assert (result.unheard, result.overall, result.words) == ("no_speech", 0.0, [])


def test_numbers_and_korean_words_are_read_and_told_apart(scorer: Scorer, say: Say) -> None:
    result = scored(scorer, say("It costs three dollars and fifty cents."), "It costs $3.50, 그렇죠.")
    assert [(word.word, word.status) for word in result.words] == [
        ("It", "correct"),
        ("costs", "correct"),
        ("$3.50", "correct"),
    ]
    assert result.unscored == ["그렇죠."]


def test_another_recogniser_lowers_confidence_where_it_contradicts(scorer: Scorer, say: Say) -> None:
    alone = scored(scorer, say(SENTENCE), SENTENCE)
    agreed = scored(scorer, say(SENTENCE), SENTENCE, transcript=lambda: "she works at a hospital near the river")
    contradicted = scored(scorer, say(SENTENCE), SENTENCE, transcript=lambda: "She walks at a hospital near the liver.")

    assert agreed == alone
    assert contradicted.confidence == pytest.approx(alone.confidence - 0.5 * 2 / 8, abs=0.011)
    assert contradicted._replace(confidence=0, words=[]) == alone._replace(confidence=0, words=[])
    assert {word.word: word.also_heard for word in contradicted.words if word.also_heard} == {
        "works": "walks",
        "river": "liver",
    }


@pytest.mark.parametrize("text", ["", "...", "안녕하세요", "word " * 201])
def test_a_sentence_that_cannot_be_said_is_refused(text: str) -> None:
    with pytest.raises(CannotBeSaid):
        read_sentence(text)
