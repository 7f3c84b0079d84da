"""Numbers, money, times and abbreviations as the words that are said, so that two ways to write them are the same."""

import pytest

from speech.phones.text import spelt_words, spoken_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How was your day?", "how was your day"),
        ("Dr. Smith paid $3.50", "doctor smith paid three dollars and fifty cents"),
        ("2/3 at 9:30am.", "two thirds at nine thirty a m"),
        ("It’s 15 o'clock", "it's fifteen o'clock"),
        ("the 21st of March 1999", "the twenty first of march nineteen ninety nine"),
        ("42-line, 1,250 people", "forty two line one thousand two hundred fifty people"),
        ("50% & 3.14", "fifty percent and three point one four"),
        ("₩1,000 or £1", "one thousand won or one pound"),
        ("'quoted' and don't", "quoted and don't"),
        ("hello 안녕 there", "hello there"),
        ("Call 555-0134", "call five five five zero one three four"),
        ("on February 3 at 9.30 am", "on february third at nine thirty a m"),
        ("9" * 30, " ".join(["nine"] * 30)),
        ("", ""),
    ],
)
def test_what_is_said(text: str, words: str) -> None:
    assert spoken_words(text) == words.split()


def test_written_words_keep_what_is_said_for_them() -> None:
    assert [(one.written, len(one.spoken)) for one in spelt_words("It costs $3.50 — 그렇죠")] == [
        ("It", 1),
        ("costs", 1),
        ("$3.50", 5),
        ("—", 0),
        ("그렇죠", 0),
    ]
