from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domains.conversations.models import Correction, Opening, Phrase, Scene
from shared.domains.conversations.rules.prompting import (
    plain_opening,
    plain_report,
    read_opening,
    read_report,
    read_summary,
)
from shared.domains.turns.rules.correcting import read_correction, spans_of

JUNK: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SENTENCE = "He go to school yesterday."


def corrected(better: object, sentence: str = SENTENCE, **fields: object) -> Correction | None:
    return read_correction({"isCorrect": False, "better": better, "why": "Past."} | fields, sentence)


def changes(original: str, better: str) -> list[tuple[str, str]]:
    return [(span.original, span.better) for span in spans_of(original, better)]


def test_a_correction_has_the_spans_that_changed_in_the_original_s_characters() -> None:
    found = corrected("He went to school yesterday.", spans=[{"start": 0, "end": 99}])

    assert found is not None
    assert (found.original, found.better, found.why) == (SENTENCE, "He went to school yesterday.", "Past.")
    assert [(one.start, one.end, one.original, one.better) for one in found.spans] == [(3, 5, "go", "went")]


@pytest.mark.parametrize(
    ("original", "better", "expected"),
    [
        ("I go school.", "I go to school.", [("school", "to school")]),
        ("I like.", "I like it.", [("like", "like it")]),
        ("I like", "I like it", [("like", "like it")]),
        ("Went home.", "I went home.", [("Went", "I went")]),
        ("I am agree with the you", "I agree with you", [("am", ""), ("the", "")]),
        ("She don't likes apple", "She doesn't like apples", [("don't likes apple", "doesn't like apples")]),
        ("내가 go to 학교", "I go to school", [("내가", "I"), ("학교", "school")]),
        ("Same words.", "Same words.", []),
        ("", "Something", [("", "Something")]),
        ("👍 he go", "👍 he goes", [("go", "goes")]),
    ],
)
def test_spans_are_the_words_that_changed(original: str, better: str, expected: list[tuple[str, str]]) -> None:
    assert changes(original, better) == expected


@given(st.text(alphabet="ab c.,'한", max_size=40), st.text(alphabet="ab c.,'한", max_size=40))
def test_spans_lie_in_order_in_the_original_and_make_it_the_better_one(original: str, better: str) -> None:
    made, end = "", 0
    for span in spans_of(original, better):
        assert end <= span.start <= span.end <= len(original)
        assert original[span.start : span.end] == span.original
        made += original[end : span.start] + span.better
        end = span.end
    made += original[end:]

    assert "".join(made.split()) == "".join(better.split())


def test_a_long_and_repetitive_sentence_is_compared_soon() -> None:
    assert spans_of("a b " * 1000, "b a c " * 1400)


@pytest.mark.parametrize(
    "better",
    [
        SENTENCE,
        "he go to school, yesterday",
        "  He  go to school yesterday !",
        "",
        "   ",
        "...",
        "x" * (2 * len(SENTENCE) + 81),
        "He went\x00 to school",
        "He went \u202eto school",
        "He\u200b went to school",
        "He went \ud800",
        None,
        7,
        ["He went"],
        {"text": "He went"},
    ],
)
def test_what_changes_nothing_or_is_absurd_is_no_correction(better: object) -> None:
    assert corrected(better) is None


@pytest.mark.parametrize("is_correct", [True, None, "false", 0, 1])
def test_a_sentence_is_only_corrected_where_the_model_says_it_is_wrong(is_correct: object) -> None:
    assert corrected("He went to school.", isCorrect=is_correct) is None
    assert read_correction({}, SENTENCE) is None


def test_why_is_text_and_short() -> None:
    long = corrected("He went.", why="왜\x00 " * 1000)
    none = corrected("He went.", why=["no"])

    assert long is not None
    assert none is not None
    assert len(long.why) <= 500
    assert "\x00" not in long.why
    assert none.why == ""


def test_apostrophes_of_either_kind_are_the_same_word() -> None:
    assert corrected("I don’t know.", sentence="I don't know.") is None
    assert corrected("It's mine.", sentence="Its mine.") is not None


def test_an_opening_is_two_lines_of_text() -> None:
    fields = {"situation": "In a\ncafé.\x00", "firstMessage": "Hi!\n\nWhat\u202e can I get you?", "role": "pirate"}

    assert read_opening(fields) == Opening(situation="In a café.", first_message="Hi! What can I get you?")


@pytest.mark.parametrize("first", [None, "", " \n\u200b", 3, ["Hi"], {"a": 1}])
def test_a_partner_that_says_nothing_has_not_opened(first: object) -> None:
    assert read_opening({"situation": "In a café.", "firstMessage": first}) is None


def test_a_report_keeps_our_corrections_and_count_whatever_the_model_gives() -> None:
    one = Correction(original="He go", better="He goes", spans=[], why="")
    fields = {
        "summary": "잘했어요.\x1b[0m",
        "turnCount": 99,
        "corrections": ["x"],
        "phrases": [
            {"english": "to go", "meaning": "포장"},
            {"english": "to go", "meaning": "포장해 주세요"},
            {"english": ""},
            {"meaning": "nothing"},
            "junk",
            None,
            {"english": "iced", "meaning": 7},
        ],
    }
    report = read_report(fields, [one], 3)

    assert report is not None
    assert (report.summary, report.corrections, report.turn_count) == ("잘했어요.[0m", [one], 3)
    assert report.phrases == [Phrase(english="to go", meaning="포장해 주세요"), Phrase(english="iced", meaning="")]


def test_a_report_s_texts_are_bounded() -> None:
    phrases = [{"english": f"{number} " + "x" * 999, "meaning": "y" * 999} for number in range(1000)]
    report = read_report({"summary": "s" * 99_999, "phrases": phrases}, [], 1)

    assert report is not None
    assert len(report.summary) == 2000
    assert len(report.phrases) == 10
    assert all(len(one.english) <= 200 and len(one.meaning) <= 200 for one in report.phrases)
    assert len(read_summary({"summary": "s" * 99_999}) or "") == 2000


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("isCorrect", "better", "why"), JUNK)), st.text())
def test_no_correction_however_strange_makes_a_reader_fail(fields: dict[str, Any], sentence: str) -> None:
    found = read_correction(fields, sentence)

    assert found is None or found.original == sentence


@given(st.dictionaries(st.sampled_from(["summary", "phrases", "situation", "firstMessage"]), JUNK))
def test_no_form_however_strange_makes_a_reader_fail(fields: dict[str, Any]) -> None:
    report = read_report(fields, [], 1)
    opening = read_opening(fields)
    summary = read_summary(fields)

    assert report is None or report.summary
    assert opening is None or opening.first_message
    assert summary is None or summary


@pytest.mark.parametrize("level", ["beginner", "intermediate", "advanced"])
def test_a_plain_opening_speaks_of_the_topic_and_asks(level: str) -> None:
    opening = plain_opening(Scene(level=level, topic="my\ncat", role="a vet"))

    assert "my cat" in opening.first_message
    assert opening.first_message.endswith("?")
    assert opening.situation == "You talk about my cat with a vet."


def test_a_plain_report_is_in_the_student_s_language() -> None:
    scene = Scene(level="beginner", topic="t", role="r", language="ko")
    one = Correction(original="He go", better="He goes", spans=[], why="")

    assert plain_report(scene, [one], 4).summary == "이번 대화에서 4번 말했습니다. 다시 볼 문장: 1개."
    assert plain_report(scene.model_copy(update={"language": "en"}), [], 0).summary.startswith("You have not said")
    assert plain_report(scene, [one], 4).corrections == [one]
