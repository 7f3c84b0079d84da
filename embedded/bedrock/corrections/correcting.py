"""Corrections of what a student said; nothing where it was right."""

import re
from typing import NamedTuple

from embedded.bedrock.corrections.rules import Why, all_rules
from embedded.bedrock.corrections.tenses import in_the_past

_MOST_REASONS = 2
_LONGEST = 4000
# A sentence ends at its mark, but not at that of "7 a.m." or "Mr.".
_BETWEEN = re.compile(r"((?<=[.!?])(?<!\b[ap]\.m\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)\s+|\n+)")


class Corrected(NamedTuple):
    """The better text, and why, in the language that was asked for: each reason once, in order."""

    better: str
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """Return the first reasons as one text."""
        return " ".join(self.reasons[:_MOST_REASONS])


def correct(text: str, language: str) -> Corrected | None:
    """Return a text with common errors put right; None where none was found.

    What the rules do not know stays as it is, wrong or not: they are meant never to change what is right.
    """
    straight = text[:_LONGEST].replace("’", "'")
    reasons: list[Why] = []
    parts = [_correct_sentence(part, reasons) for part in _BETWEEN.split(straight)]
    better = "".join(parts)
    if better == straight:
        return None
    if "’" in text:
        better = better.replace("'", "’")
    told = dict.fromkeys(why.told(language) for why in reasons)
    return Corrected(better + text[_LONGEST:], tuple(told))


def _correct_sentence(sentence: str, reasons: list[Why]) -> str:
    if not sentence.strip():
        return sentence
    corrected, why = in_the_past(sentence)
    if why is not None:
        reasons.append(why)
    for rule in all_rules().rules:
        better = rule.apply(corrected)
        if better != corrected:
            reasons.append(rule.why)
            corrected = better
    return corrected
