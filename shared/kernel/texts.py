"""Texts as a person would read them, and as material for a prompt."""

import re
import unicodedata

_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def plain(text: object, longest: int) -> str:
    """Return what a person would read of a text, at most so many characters; nothing of what is no text.

    NFC; only line breaks and tabs are kept of the control characters; zero-width and invisible characters, orders to
    change the direction of writing, private ones and halves of pairs are gone.
    """
    if not isinstance(text, str):
        return ""
    composed = unicodedata.normalize("NFC", _BREAKS.sub("\n", text))
    return _seen(composed).strip()[:longest].rstrip()


def plain_line(text: object, longest: int) -> str:
    """Return a text as `plain` does, on one line."""
    return " ".join(plain(text, longest).split())


def quoted(text: str, longest: int = 300) -> str:
    """Return a text as material for a prompt: one line within quotation marks that it cannot close."""
    return '"' + plain_line(text, longest).replace('"', "'") + '"'


def harmless(piece: str) -> str:
    """Return what a person would read of a piece of text, spaces and all.

    Only line breaks and tabs are kept of the control characters; zero-width characters, orders to change the direction
    of writing, private ones and halves of pairs are gone.
    """
    return _seen(_BREAKS.sub("\n", piece))


def _seen(text: str) -> str:
    """Return a text without what nobody sees. Lines of what Python calls printable, nearly all, are taken whole."""
    return "\n".join(line if line.isprintable() else _sifted(line) for line in text.split("\n"))


def _sifted(line: str) -> str:
    return "".join(one for one in line if one == "\t" or unicodedata.category(one) not in _UNSEEN)
