"""How a text is read: its sentences, and for every written word the sounds that are said for it.

Numbers, money, times, dates and abbreviations are read by hibari's normaliser; words of other scripts than Latin and
Hangul, and pictures, are passed over, as Polly does.
"""

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple

from hibari.g2p import G2P
from hibari.g2p.normalize import normalize
from hibari.tts import Hibari

from speech.model_files import UNKNOWN_WORDS, checked
from speech.voice.hangul import RUN, sounds_of

MOST_SYMBOLS = 400
"""What the voice says in one breath; a longer sentence is parted after a word with a comma, or anywhere."""
SILENT = frozenset(';:,.!?—…"()“”ˈˌ ')
"""Symbols that are not sounds."""
_WRITTEN = re.compile(r"\S+")
_CLAUSE_ENDS = tuple(",;:—.!?")
_TIGHT_SLASH_DATE = re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})(?![\w/])")
_ON = re.compile(r"\b(?:on|until|since|before|after|by) $", re.IGNORECASE)


class ReadWord(NamedTuple):
    """The sounds of a written word, and its first and last character in the text."""

    sounds: str
    start: int
    end: int


class Reader:
    """Reads English as Americans do."""

    def __init__(self) -> None:
        """Load the dictionaries: half a second. Raises ModelMissing, ModelChanged."""
        checked(UNKNOWN_WORDS)
        self._sounds = G2P()

    def sentences(self, text: str) -> Iterator[list[ReadWord]]:
        """Give what is said in one breath, one after the other; what has no sound is left out."""
        place = 0
        for sentence in Hibari.split_sentences(text):
            start = text.index(sentence, place)
            place = start + len(sentence)
            words = self._read(sentence, start)
            if any(set(word.sounds) - SILENT for word in words):
                yield from _breaths(words)

    def _read(self, sentence: str, start: int) -> list[ReadWord]:
        written = [
            ReadWord(found.group(), start + found.start(), start + found.end()) for found in _WRITTEN.finditer(sentence)
        ]
        return [word for word in _joined(written, self._spoken(sentence)) if word.sounds]

    def _spoken(self, sentence: str) -> list[tuple[str, str]]:
        """Return the words that are said, as they are spelt, and their sounds."""
        plain = _as_dates(sentence.replace("](", "] ("))
        marked = RUN.sub(lambda found: f"[{found.group()}](/{sounds_of(found.group())}/)", normalize(plain))
        spoken: list[list[str]] = []
        is_new = True
        for token in self._sounds.phonemize_tokens(self._sounds.tokenize(marked)):
            if is_new:
                spoken.append(["", ""])
            spoken[-1][0] += token.text
            spoken[-1][1] += token.phonemes or ""
            is_new = bool(token.whitespace)
        return [(text, sounds) for text, sounds in spoken]


def _as_dates(sentence: str) -> str:
    """Return a sentence in which "on 2/3" is a date: read as a fraction it would be two thirds."""

    def read(found: re.Match[str]) -> str:
        month, day = int(found[1]), int(found[2])
        is_date = _ON.search(sentence[: found.start()]) and 1 <= month <= 12 and 1 <= day <= 31
        return f"{_MONTHS[month - 1]} {day}" if is_date else found[0]

    return _TIGHT_SLASH_DATE.sub(read, sentence)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _joined(written: list[ReadWord], spoken: list[tuple[str, str]]) -> list[ReadWord]:
    """Return the sounds by written word: "9:30am" is said in several words, and has them all."""
    left, right = [_key(word.sounds) for word in written], [_key(text) for text, _ in spoken]
    found: list[ReadWord] = []
    for kind, first, last, begin, end in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs = zip(written[first:last], spoken[begin:end], strict=True)
            found += [word._replace(sounds=sounds) for word, (_, sounds) in pairs]
        elif end > begin:
            sounds = " ".join(sounds for _, sounds in spoken[begin:end])
            if last > first:
                found.append(ReadWord(sounds, written[first].start, written[last - 1].end))
            elif found:  # "₩5" is "5 won": the word before has them
                found[-1] = found[-1]._replace(sounds=f"{found[-1].sounds} {sounds}")
            else:
                found.append(ReadWord(sounds, written[0].start, written[0].end))
    return found


def _key(word: str) -> str:
    return re.sub(r"\W", "", word.lower())


def _breaths(words: list[ReadWord]) -> Iterator[list[ReadWord]]:
    """Part what is too long for one breath, where a clause ends in its second half, or else where it must be."""
    size = 0
    for at, word in enumerate(words):
        size += len(word.sounds) + 1
        is_late = size > MOST_SYMBOLS // 2 and word.sounds.endswith(_CLAUSE_ENDS)
        if at + 1 < len(words) and (is_late or size + len(words[at + 1].sounds) > MOST_SYMBOLS):
            yield words[: at + 1]
            yield from _breaths(words[at + 1 :])
            return
    if words:
        yield words
