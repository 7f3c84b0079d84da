"""What may be shown of stored jobs without a reason given: ids and numbers, but nobody's words and no secrets."""

import re
from collections.abc import Mapping
from typing import Any

from shared.kernel.logs import SECRET_WORDS

HIDDEN = "[redacted]"
_SHOWN_NAMES = re.compile(
    r".*(Ids?|At|Type|Seq)|(id|type|kind|status|stage|level|role|epoch|language|voice|task|queue)"
)
_SHOWN_TEXT = re.compile(r"[\w.:/+=@#-]{1,128}")
_KIND = re.compile(r"[A-Za-z_][\w.]*")
_FRAME = re.compile(r'  File "[^"]*", line \d+')
_INNERMOST = re.compile(r'^ *File "([^"]*)", line \d+, in (.+)$', re.MULTILINE)


def without_texts(value: Any, name: str = "") -> Any:
    """Return a JSON value with texts as their lengths; ids, times and kinds stay, and secrets show not even a length.

    A name that nobody thought of counts as somebody's words.
    """
    if any(word in name.lower() for word in SECRET_WORDS):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: without_texts(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_texts(inner, name) for inner in value]
    if isinstance(value, str) and not (_SHOWN_NAMES.fullmatch(name) and _SHOWN_TEXT.fullmatch(value)):
        return length_of(value)
    return value


def length_of(text: str) -> str:
    """Return what stands for a text."""
    return f"[{len(text)} characters]"


def kind_of(error: str) -> str:
    """Return the class that an error's text begins with: `ValueError('a word')` and `ValueError: a word` alike."""
    found = _KIND.match(error)
    return found.group() if found else ""


def without_message(error: str) -> str:
    """Return an error's class, and its message as a length."""
    kind = kind_of(error)
    rest = error[len(kind) :].lstrip(": ")
    return f"{kind} {length_of(rest)}".strip() if rest else kind


def places_of(traceback: str) -> str:
    """Return the frames of a traceback: neither messages nor lines of code."""
    return "\n".join(line.rstrip() for line in traceback.splitlines() if _FRAME.match(line))


def innermost_of(traceback: str) -> str:
    """Return the file and function in which the last error of a traceback was raised; empty where there is none.

    The line number is left out, so that a change elsewhere in the file does not make another place of it.
    """
    found = _INNERMOST.findall(traceback)
    return ":".join(found[-1]) if found else ""
