"""The voice: ten difficult sentences are read rightly, words have their times, and Korean words have sounds."""

import numpy as np
import pytest

from speech.hearing.ear import Ear
from speech.phones.text import spoken_words
from speech.scoring.scorer import Scorer
from speech.voice.hangul import sounds_of
from speech.voice.speaker import Speaker
from tests.speech.conftest import Say

QUESTION = "Could you tell me how to get to the train station?"
DIFFICULT = {
    "Dr. Smith paid $3.50 on 2/3 at 9:30am.": "fˈɛbjəwˌɛɹi θˈɜɹd",
    "On St. James St. it was 10°C.": "sˈAnt ʤˈAmz stɹˈit",
    "The 21st of March, 1999: 50% of 1,250 people.": "nˌIntˈin nˈIndi nˈIn",
    "Mr. and Mrs. O'Neill live at 221B Baker Street.": "mˈɪsɪz",
    "Call me at 555-0134, please!": "zˈɪɹO wˈʌn θɹˈi fˈɔɹ",
    "She ran 3.5 km in 12 min.": "kəlˈɑməTəɹz",
    "NASA and the FBI hired J. K. Rowling in 2024.": "ˌɛfbˌiˈI",
    "They read 1/2 of the book; Chapter IV was long.": "ʧˈæptəɹ fˈɔɹ",
    "I ate 김치 and 불고기 in Seoul.": "ɡˈimʧi",
    "It costs ₩15,000 or £20.": "fˌɪftˈin θˈWzᵊnd wˈʌn",
}


@pytest.mark.parametrize("text", DIFFICULT)
def test_difficult_sentences_are_read_rightly(speaker: Speaker, text: str) -> None:
    assert DIFFICULT[text] in speaker.sounds_of(text)


def test_what_is_said_is_heard_again(scorer: Scorer, say: Say) -> None:
    ear: Ear = scorer._witnesses.ear
    for low in (False, True):
        heard = ear.hear(say(QUESTION, low=low))
        assert spoken_words(heard.text) == [
            "could",
            "you",
            "tell",
            "me",
            "how",
            "to",
            "get",
            "to",
            "the",
            "train",
            "station",
        ]


def test_every_word_has_its_place_and_time(speaker: Speaker) -> None:
    text = "At 9:30am we met. It was fun, wasn't it?"
    words = [word for breath in speaker.say(text) for word in breath.words]
    assert [text[word.start : word.end] for word in words] == text.split()
    times = [word.milliseconds for word in words]
    assert times == sorted(set(times))


def test_long_sentences_are_said_in_breaths_and_nothing_is_lost(speaker: Speaker) -> None:
    text = "one two three four five six seven, " * 20
    breaths = list(speaker.say(text.strip() + "."))
    assert len(breaths) > 1
    assert sum(len(breath.words) for breath in breaths) == 140


def test_speed_and_silence(speaker: Speaker) -> None:
    sizes = [sum(len(one.samples) for one in speaker.say("Good morning.", speed=speed)) for speed in (0.5, 1.0, 1.6)]
    assert sizes == sorted(sizes, reverse=True)
    assert list(speaker.say("漢字 😀 …")) == []


def test_the_same_is_always_said_alike(speaker: Speaker) -> None:
    first, second = (next(speaker.say("Good morning.")).samples for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    ("word", "sounds"), [("한국어", "hˈɑnɡuɡʌ"), ("밥", "bˈɑp"), ("아이", "ˈɑi"), ("독립", "dˈOkɹip")]
)
def test_korean_words_in_english_sounds(word: str, sounds: str) -> None:
    assert sounds_of(word) == sounds
