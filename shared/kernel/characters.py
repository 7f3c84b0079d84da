"""Which characters people's words, names and e-mails may be made of: one policy, by Unicode's own categories."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, format characters (bidirectional orders, zero widths, tags), and what is no character at all."""
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks of other categories that show nothing: the Hangul fillers, the blank Braille cell, the joiner."""
_BOXED = frozenset({"Co", "Cn"})
_IGNORED = (range(0x2065, 0x2066), range(0xFFF0, 0xFFF9), range(0xE0000, 0xE1000))
"""Code points without a character that show nothing: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties)."""
_JOINERS = frozenset("\u200d\ufe0f")
_MIXED = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts whose letters look like each other's: a word of two of them is a disguise."""


def is_visible(text: str) -> bool:
    """Tell whether a reader sees anything of a text; of most texts the first character says so."""
    if "!" <= text[:1] <= "~":
        return True
    return any(not one.isspace() and (not _is_unseen(one) or _has_a_box(one)) for one in text)


def visible(text: str) -> str:
    """Return words that show something, as they are.

    Raises:
        ValueError: nothing of them can be seen.
    """
    if not is_visible(text):
        raise ValueError("has nothing that can be seen")
    return text


def named(text: str) -> str:
    """Return a name, composed (NFC).

    Raises:
        ValueError: it has controls or characters that nobody sees, nothing that can be seen, or look-alike letters.
    """
    name = unicodedata.normalize("NFC", text)
    if not is_visible(name):
        raise ValueError("has nothing that can be seen")
    if any(_is_unseen(one) and not _joins(name, place) for place, one in enumerate(name)):
        raise ValueError("has a character that cannot be seen")
    if any(len(_scripts(word)) > 1 for word in name.split()):
        raise ValueError("mixes letters of scripts that look alike")
    return name


def shown_safely(text: str) -> str:
    """Return a text as one line that gives a terminal no orders: what is not for the eye is spelt out."""
    return "".join(_spelt(one) if _is_unseen(one) else one for one in text)


def visible_or_empty(text: str) -> str:
    """Return words that show something, or none at all; raise ValueError as `visible`."""
    return visible(text) if text else text


VisibleText = Annotated[str, AfterValidator(visible)]
OptionalText = Annotated[str, AfterValidator(visible_or_empty)]


def _has_a_box(one: str) -> bool:
    """Tell whether a screen shows a box in place of what is no character, or a private one."""
    return unicodedata.category(one) in _BOXED and not any(ord(one) in ignored for ignored in _IGNORED)


def _is_unseen(one: str) -> bool:
    return one in _BLANK_LETTERS or unicodedata.category(one) in _UNSEEN or one == "\ufe0f"


def _joins(text: str, place: int) -> bool:
    """Tell whether a joiner stands within an emoji, where it belongs."""
    before = text[place - 1] if place else ""
    return text[place] in _JOINERS and bool(before) and unicodedata.category(before) in ("So", "Sk", "Mn")


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(one, "").partition(" ")[0] for one in word if not one.isascii() or one.isalpha())
    return {name for name in names if name in _MIXED}


def _spelt(one: str) -> str:
    number = ord(one)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
