"""Text from strangers, without what no reader sees and no model should."""

import re

_UNSEEN = re.compile(
    r"[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Lone surrogates, control characters, marks that turn the direction of writing, and characters of no width."""
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_ENGLISH = re.compile(r"[a-z][a-z']+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def english_words(text: str) -> list[str]:
    """Return the English words of a text in their order, in lower case."""
    return [word.strip("'") for word in _ENGLISH.findall(text.lower())]


def visible(text: str) -> str:
    """Return a text without characters that nobody sees; a new line stays one."""
    return _UNSEEN.sub(" ", text)


def prose(text: str) -> str:
    """Return what was said, without code and addresses."""
    return _ADDRESS.sub(" ", _CODE.sub(" ", text))
