import pytest

from shared.kernel.sentences import breaths, sentences


def test_sentences_end_where_a_reader_would_breathe() -> None:
    text = 'He said "Go!" and left. Did he? Yes…  Fine\nnew line: 3.5 miles, e.g. so. 안녕하세요. 끝'
    assert sentences(text) == [
        'He said "Go!"',
        "and left.",
        "Did he?",
        "Yes…",
        "Fine",
        "new line: 3.5 miles, e.g.",
        "so.",
        "안녕하세요.",
        "끝",
    ]
    assert sentences(" \n ") == []


@pytest.mark.parametrize("longest", [10, 40, 200])
def test_no_part_is_too_long_and_nothing_is_lost(longest: int) -> None:
    text = "One. Two three four. " + "five " * 30 + "x" * 95 + ". End."
    parts = breaths(text, first=8, longest=longest)

    assert all(0 < len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert parts[0] == "One."


def test_a_short_text_is_one_part() -> None:
    assert breaths("Hello. You.", first=120, longest=500) == ["Hello. You."]
    assert breaths("", first=120, longest=500) == []
