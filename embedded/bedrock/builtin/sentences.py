"""Sentences to say aloud, of a topic and a level, with their Korean: `sentences/`, one file a topic.

A line is a sentence, a tab, and its Korean. `{a|b|c}` are words that take each other's place: the first of one goes
with the first of the other, in both languages. A file holds at least 60 sentences of each level: ten more than
the fifty that never come again.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from embedded.bedrock.builtin.topics import all_topics

_FOLDER = Path(__file__).with_name("sentences")
_SLOT = re.compile(r"\{([^{}]*)\}")
_LINE = re.compile(r'^[ \t]*(Avoid|Due|Count)[ \t]*:[ \t]*"?(.*?)"?[ \t]*$', re.I | re.M)
_WORD = re.compile(r"[a-z']+")
_NOT_TOLD = frozenset(
    re.findall(r"\w+", "a and are at do for have i in is it like my of on or she the that this to was we you")
)
"""Words that stand in too many sentences to lead to one."""


class Pair(NamedTuple):
    """A sentence and its Korean."""

    english: str
    korean: str


def known_topics() -> list[str]:
    """Return the topics that there are sentences on."""
    return [name.replace("_", " ") for name in _names()]


def sentences(topic: str, level: str, system: str) -> list[Pair] | None:
    """Return as many sentences as a prompt asks for; None where it names a topic that there are none on.

    Those with the words of what is due come first, and none that is to be avoided while there are others; after that
    those that were said longest ago.
    """
    words = all_topics().find(topic).words
    name = next((one.name for one in all_topics().known if one.words == words), "").replace(" ", "_")
    if name not in _names():
        return None
    told = _LINE.findall(system)
    avoided = [_plain(text) for label, text in told if label.lower() == "avoid"]
    due = set(_WORD.findall(" ".join(text for label, text in told if label.lower() == "due").lower())) - _NOT_TOLD
    count = next((int(text) for label, text in told if label.lower() == "count" and text.isdecimal()), 5)
    pairs = all_sentences(name)[level]
    return sorted(pairs, key=lambda one: _order(one, avoided, due, seed=len(avoided)))[:count]


@lru_cache(maxsize=32)
def all_sentences(name: str) -> dict[str, list[Pair]]:
    """Return every sentence of a file, by level."""
    found: dict[str, list[Pair]] = {}
    level = ""
    for line in (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            level = line[2:]
        elif "\t" in line:
            found.setdefault(level, []).extend(_variants(*line.split("\t", 1)))
    return found


def _variants(english: str, korean: str) -> list[Pair]:
    count = max((slot.count("|") + 1 for slot in _SLOT.findall(english)), default=1)
    return [Pair(_filled(english, number), _filled(korean, number)) for number in range(count)]


def _filled(text: str, number: int) -> str:
    def choice(slot: re.Match[str]) -> str:
        choices = slot.group(1).split("|")
        return choices[number % len(choices)]

    return _SLOT.sub(choice, text)


def _order(pair: Pair, avoided: list[str], due: set[str], *, seed: int) -> tuple[int, int, int]:
    """Sort fresh sentences before others, those with the most letters of due words first, the rest as if shuffled."""
    plain = _plain(pair.english)
    # The newest stand first in the list of what is to be avoided.
    said = len(avoided) - avoided.index(plain) if plain in avoided else 0
    letters = sum(map(len, due & set(_WORD.findall(plain))))
    return said, -letters, crc32(f"{seed} {plain}".encode())


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))


@lru_cache(maxsize=1)
def _names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.txt"))
