import re

import pytest

from embedded.bedrock.builtin.sentences import all_sentences, known_topics, sentences
from embedded.bedrock.builtin.topics import all_topics
from shared.domains.notebook.models import normalized
from shared.domains.practice.rules.levels import WORDS_OF_LEVEL, is_of_level
from shared.domains.practice.rules.writing import MOST_AVOIDED

FEWEST = MOST_AVOIDED + 10
"""A student may ask for ten, none of which is among the last fifty."""
HANGUL = re.compile("[가-힣]")


def files() -> list[str]:
    return [name.replace(" ", "_") for name in known_topics()]


def test_every_topic_has_enough_different_sentences_of_each_level() -> None:
    assert set(known_topics()) == {one.name for one in all_topics().known}
    for name in files():
        for level in WORDS_OF_LEVEL:
            found = [normalized(one.english) for one in all_sentences(name)[level]]
            assert len(set(found)) == len(found) >= FEWEST, f"{name}, {level}"


def test_every_sentence_is_of_its_level_with_korean_beside_it() -> None:
    for name in files():
        for level, pairs in all_sentences(name).items():
            for one in pairs:
                assert is_of_level(one.english, level), f"{name}, {level}: {one.english}"
                assert HANGUL.search(one.korean), one.korean
                assert one.english.isprintable()
                assert "|" not in one.english + one.korean


def test_korean_particles_fit_the_nouns_before_them() -> None:
    for name in files():
        for one in [pair for pairs in all_sentences(name).values() for pair in pairs]:
            for noun, particle in re.findall(r"([가-힣])([을를])(?=[ ,.?!])", one.korean):
                is_closed = (ord(noun) - 0xAC00) % 28 != 0
                assert (particle == "을") is is_closed, f"{name}: {one.korean}"


def prompt(count: int, *, avoid: list[str] | None = None, due: str = "") -> str:
    lines = [f"Count: {count}", *(f'Avoid: "{one}"' for one in avoid or ())]
    return "\n".join([*lines, *([f'Due: "{due}"'] if due else [])])


def test_none_of_the_last_fifty_comes_again() -> None:
    said: list[str] = []
    for _ in range(12):
        found = sentences("cooking", "beginner", prompt(10, avoid=said[:MOST_AVOIDED]))
        assert found
        assert not {one.english for one in found} & set(said[:MOST_AVOIDED])
        said = [*(one.english for one in found), *said]


def test_words_that_are_due_come_first() -> None:
    found = sentences("shopping", "intermediate", prompt(2, due="I would like a refund"))
    assert found
    assert any("refund" in one.english for one in found)


@pytest.mark.parametrize("topic", ["quantum chromodynamics", "", "zzz"])
def test_a_topic_without_sentences_is_not_made_up(topic: str) -> None:
    assert sentences(topic, "beginner", prompt(3)) is None
