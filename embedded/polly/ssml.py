"""What is to be spoken: plain text, or Polly's markup read for its text and its speaking rate."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

_RATES = {"x-slow": 60, "slow": 80, "medium": 100, "fast": 125, "x-fast": 160}
_PERCENT = re.compile(r"(\d{2,3})%")


class InvalidSsml(Exception):
    """The markup is not well formed, or not Polly's."""


class Utterance(NamedTuple):
    """What to say, and how fast, in percent."""

    text: str
    rate: int = 100


def read_ssml(source: str) -> Utterance:
    """Return what markup says; the first rate that is asked for counts for all of it.

    Raises:
        InvalidSsml: it is not one whole `speak` element, or declares entities, which could grow without bound.
    """
    if "<!" in source:
        raise InvalidSsml("Invalid SSML request")
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as problem:
        raise InvalidSsml("Invalid SSML request") from problem
    if root.tag.rpartition("}")[2] != "speak":
        raise InvalidSsml("Invalid SSML request")
    rates = (element.get("rate") for element in root.iter() if element.tag.rpartition("}")[2] == "prosody")
    return Utterance("".join(root.itertext()), next((_percent(rate) for rate in rates if rate), 100))


def _percent(rate: str) -> int:
    match = _PERCENT.fullmatch(rate)
    percent = int(match.group(1)) if match else _RATES.get(rate, 0)
    if not 20 <= percent <= 200:
        raise InvalidSsml("Invalid SSML request")
    return percent
