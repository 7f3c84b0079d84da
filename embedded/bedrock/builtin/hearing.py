"""What kind of thing a student said, by plain signs in the words."""

import json
import re
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from embedded.bedrock.builtin.topics import Topic

_FILE = Path(__file__).with_name("signs.json")
_WORD = re.compile(r"[a-z][a-z'-]+")
_LONGEST_GREETING = 4
_LONGEST_YES = 3
_DENIED = "denied"


class Kind(StrEnum):
    """The kinds that are told apart; `phrases.json` has reactions to them, and topics those to ANSWERED and MINE."""

    KOREAN = "korean"
    AGAIN = "again"
    HONEST = "honest"
    BYE = "bye"
    THANKS = "thanks"
    GREETING = "greeting"
    HOW_ARE_YOU = "how_are_you"
    NAME = "name"
    ANSWERED = "answered"
    MINE = "mine"
    UNSURE = "unsure"
    YES = "yes"
    NO = "no"
    GOOD = "good"
    BAD = "bad"
    KEYWORD = "keyword"
    SHORT = "short"
    NEUTRAL = "neutral"


_ANYWHERE = (Kind.AGAIN, Kind.HONEST, Kind.BYE, Kind.HOW_ARE_YOU, Kind.NAME, Kind.THANKS)


class Heard(NamedTuple):
    """What was understood: its kind, and for an answer in the role its number, for a keyword the word."""

    kind: Kind
    words: str = ""


def hear(text: str, topic: Topic) -> Heard:
    """Return what a student said, in the terms of the topic."""
    plain = " ".join(text.lower().replace("’", "'").split())
    if _is_korean(plain):
        return Heard(Kind.KOREAN)
    is_short = len(plain.split()) <= _LONGEST_GREETING
    if is_short and _has(Kind.GREETING, plain) and not _has(Kind.HOW_ARE_YOU, plain):
        return Heard(Kind.GREETING)
    found = next((kind for kind in _ANYWHERE if _has(kind, plain)), None)
    return Heard(found) if found else _in_the_topic(plain, topic) or _by_mood(plain, topic)


def _in_the_topic(plain: str, topic: Topic) -> Heard | None:
    is_question = plain.endswith("?") or (_has(Kind.UNSURE, plain) and "," not in plain)
    if is_question or "please" in plain or re.search(r"\bi\b", plain):
        answered = (number for number, reply in enumerate(topic.answers) if reply.when.search(plain))
        number = next(answered, None)
        if number is not None:
            return Heard(Kind.ANSWERED, str(number))
    if _has(Kind.MINE, plain):
        return Heard(Kind.MINE)
    return Heard(Kind.UNSURE) if is_question else None


def _by_mood(plain: str, topic: Topic) -> Heard:
    if len(plain.split()) <= _LONGEST_YES:
        found = next((kind for kind in (Kind.YES, Kind.NO) if _has(kind, plain)), None)
        if found:
            return Heard(found)
    is_denied = _has(_DENIED, plain)
    felt = next((kind for kind in (Kind.BAD, Kind.GOOD) if _has(kind, plain)), None)
    if felt and not is_denied:
        return Heard(felt)
    known = {word for subject in topic.subjects for word in subject.about}
    words = [word for word in _WORD.findall(plain) if word in known and len(word) > 3]
    if words:
        return Heard(Kind.KEYWORD, words[-1])
    if len(plain.split()) == 1:
        return Heard(Kind.SHORT)
    return Heard(Kind.NO if is_denied and _has(Kind.NO, plain) else Kind.NEUTRAL)


@lru_cache(maxsize=1)
def _signs() -> dict[str, re.Pattern[str]]:
    told: dict[str, list[str]] = json.loads(_FILE.read_text("utf-8"))
    return {kind: re.compile("|".join(signs)) for kind, signs in told.items()}


def _has(kind: str, plain: str) -> bool:
    return _signs()[kind].search(plain) is not None


def _is_korean(text: str) -> bool:
    korean = sum("\u3131" <= one <= "\ud7a3" for one in text)
    return korean > sum(one.isascii() and one.isalpha() for one in text)
