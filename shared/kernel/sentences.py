"""Cutting text where a reader would breathe."""

import re

_ENDS = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|\s*\n\s*")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in their order; joined by spaces they say the same."""
    found, place = [], 0
    for end in _ENDS.finditer(text):
        found.append(text[place : end.end()].strip())
        place = end.end()
    return [one for one in (*found, text[place:].strip()) if one]


def breaths(text: str, *, first: int, longest: int) -> list[str]:
    """Return a text in parts that are whole sentences, none longer than `longest` characters.

    The first part is short, so that it is heard early: sentences up to `first` characters, or one that is longer.
    A sentence that is too long is cut between words, and a word that is too long anywhere.
    """
    parts: list[str] = []
    limit = first
    for piece in (piece for sentence in sentences(text) for piece in _cut(sentence, longest)):
        if parts and len(parts[-1]) + 1 + len(piece) <= limit:
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            limit = longest if parts else first
            parts.append(piece)
    return parts


def _cut(sentence: str, longest: int) -> list[str]:
    pieces = []
    while len(sentence) > longest:
        space = sentence.rfind(" ", 0, longest + 1)
        at = space if space > 0 else longest
        pieces.append(sentence[:at].strip())
        sentence = sentence[at:].strip()
    return [*pieces, sentence] if sentence else pieces
