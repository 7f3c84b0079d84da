"""Why two conversations are linked: rare words that both use, and a sentence of each."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph_engine.reading.cleaning import prose
from graph_engine.words import sentences

_SHARED = 3
_COMMON_SHARE = 0.3
"""A word in more of the conversations than this is no reason."""
_QUOTE_CHARACTERS = 160
_SENTENCES = 40


class Reason(NamedTuple):
    """The rarest words that both use, and what each says with them; no quote where they share no word."""

    shared: list[str]
    quotes: list[str]


class Reasons:
    """Finds reasons; each conversation's sentences are cut once."""

    def __init__(self, tokens: Sequence[Sequence[str]], texts: Sequence[str], spread: Mapping[str, int]) -> None:
        """Keep what the conversations say."""
        self._words = [set(words) for words in tokens]
        self._texts, self._spread = texts, spread
        self._commonest = _COMMON_SHARE * len(tokens)

    def of(self, first: int, second: int) -> Reason:
        """Return why two conversations are linked."""
        both = self._words[first] & self._words[second]
        rare = sorted((word for word in both if self._spread[word] < self._commonest), key=self._rarity)[:_SHARED]
        quotes = [self._quote(one, rare) for one in (first, second)] if rare else []
        return Reason(rare, quotes if all(quotes) else [])

    def _rarity(self, word: str) -> tuple[int, str]:
        return self._spread[word], word

    def _quote(self, place: int, words: Sequence[str]) -> str:
        """Return the first sentence with the most of the words, cut around the rarest where it is long."""
        best, most = "", 0
        for sentence in sentences(prose(self._texts[place]))[:_SENTENCES]:
            low = sentence.lower()
            found = sum(len(words) - rank for rank, word in enumerate(words) if word in low)
            if found > most:
                best, most = sentence, found
        return _shortened(" ".join(best.split()), words)


def _shortened(sentence: str, words: Sequence[str]) -> str:
    if len(sentence) <= _QUOTE_CHARACTERS:
        return sentence
    low = sentence.lower()
    place = min((low.find(word) for word in words if word in low), default=0)
    begin = max(0, min(place - _QUOTE_CHARACTERS // 3, len(sentence) - _QUOTE_CHARACTERS))
    part = sentence[begin : begin + _QUOTE_CHARACTERS].strip()
    return ("…" if begin else "") + part + ("…" if begin + _QUOTE_CHARACTERS < len(sentence) else "")
