"""How words are said: CMUdict (134,000 words, in pocketsphinx's wheel), and a guess for what is not in it."""

import re
from collections.abc import Callable
from functools import cached_property

from hibari.g2p import G2P

from speech.model_files import DICTIONARY, UNKNOWN_WORDS, checked
from speech.phones.arpabet import from_misaki

_NUMBER_OF_VARIANT = re.compile(r"\(\d+\)$")
MOST_VARIANTS = 3
_NEUTRAL = "AH"


class Lexicon:
    """Words in lower case, with their pronunciations, the usual one first; guesses are made once a word."""

    def __init__(self) -> None:
        """Read the dictionary: a third of a second. Raises ModelMissing, ModelChanged."""
        self._known: dict[str, list[list[str]]] = {}
        with checked(DICTIONARY).open(encoding="utf-8") as file:
            for line in file:
                word, *phones = line.split()
                self._known.setdefault(_NUMBER_OF_VARIANT.sub("", word), []).append(phones)
        self._guessed: dict[str, list[list[str]]] = {}

    def __contains__(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""
        return word in self._known

    def pronunciations(self, word: str) -> list[list[str]]:
        """Return at most three ways to say a word, each a list of ARPAbet names, none empty."""
        if word in self._known:
            return self._known[word][:MOST_VARIANTS]
        if word not in self._guessed:
            self._guessed[word] = [from_misaki(self._guess(word)) or [_NEUTRAL]]
        return self._guessed[word]

    @cached_property
    def _guess(self) -> Callable[[str], str]:
        checked(UNKNOWN_WORDS)
        guess: Callable[[str], str] = G2P()
        return guess
