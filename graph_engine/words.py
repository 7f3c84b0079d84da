"""What language a sentence is in, and the words that carry meaning."""

import re
import sys
from dataclasses import dataclass, field

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from graph_engine.encoders.korean import NAMING, Korean, Morpheme
from graph_engine.languages import HANGUL, language_of
from graph_engine.models import Conversation
from graph_engine.reading.cleaning import english_words, prose

_SENTENCE = re.compile(r"(?<=[.!?。？！])\s+|\n+")
MORPHEME_WEIGHT = 1.5
"""A Korean morpheme says as much as one and a half English words."""


@dataclass(slots=True)
class Wording:
    """A conversation's words: each language's text, and the tokens by which conversations are compared and named."""

    english: str
    korean: str
    english_words: int
    morphemes: list[Morpheme] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        """Return the language of most of it: `en`, `ko`, or nothing where there are no words."""
        if not self.english_words and not self.morphemes:
            return ""
        return "ko" if self.korean_weight > self.english_words else "en"

    @property
    def korean_weight(self) -> float:
        """Return how much of it is Korean, in English words."""
        return len(self.morphemes) * MORPHEME_WEIGHT


def read_words(conversation: Conversation, korean: Korean) -> Wording:
    """Return a conversation's words; Kiwi is loaded by the first that holds Hangul."""
    english, hangul = _languages(prose(conversation.text))
    words = english_words(english)
    morphemes = korean.morphemes(hangul) if hangul else []
    tokens = [word for word in words if len(word) > 1 and "'" not in word and word not in ENGLISH_STOP_WORDS]
    tokens += [one.form for one in morphemes if one.tag in NAMING and len(one.form) > 1]
    return Wording(english, hangul, len(words), morphemes, list(map(sys.intern, tokens)))  # one text a word, not a use


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [one.strip() for one in _SENTENCE.split(text) if one.strip()]


def _languages(text: str) -> tuple[str, str]:
    """Return what is English in a text, and what is Korean."""
    if not HANGUL.search(text):
        return text, ""
    english: list[str] = []
    korean: list[str] = []
    for sentence in sentences(text):
        (korean if language_of(sentence) == "ko" else english).append(sentence)
    return " ".join(english), " ".join(korean)
