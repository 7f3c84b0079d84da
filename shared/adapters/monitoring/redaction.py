"""Takes out what watchers must not see: users' words in results and errors, passwords in addresses."""

import re
from collections.abc import Iterator
from typing import Any

from shared.adapters.sqs_transport.hand_back import Settled

HIDDEN = "[hidden]"
_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")
_START = "Traceback (most recent call last):"
_FRAME = re.compile(r'^ {2}(File "[^"]*", line \d+|\[Previous line repeated )')
_SETTLED = re.compile(rf"{Settled.__name__}\('(\w+(?: < \w+)*)'\)")
_ERROR = re.compile(r"^[\w.<>]+(?=:|$)")


def redact(fields: dict[str, Any]) -> dict[str, Any]:
    """Answer the fields of an event with the result hidden and its error reduced to kinds and places.

    Arguments are left alone: the producer chose how they are shown.
    """
    shown = dict(fields)
    if shown.get("result") is not None:
        shown["result"] = HIDDEN
    if shown.get("exception") is not None:
        shown["exception"] = kind_of(str(shown["exception"]))
    if shown.get("traceback") is not None:
        shown["traceback"] = places_of(str(shown["traceback"]))
    return shown


def kind_of(exception: str) -> str:
    """Answer the class of an exception given its repr: `ValueError('a word')` becomes `ValueError`.

    A failure that was recorded elsewhere names its causes, by their classes, and nothing that anybody wrote.
    """
    if settled := _SETTLED.fullmatch(exception):
        return settled.group(1)
    found = re.match(r"[\w.]+", exception)
    return found.group() if found else HIDDEN


def places_of(traceback: str) -> str:
    """Answer a traceback with its frames and the kinds of its errors, and none of their messages.

    Python prints a message after its frames, over as many lines as it has, so nothing is believed between an error's
    line and the next header; a message that itself holds a whole traceback shows those frames.
    """
    return "\n".join(_kept(traceback.splitlines())) or HIDDEN


def without_passwords(answer: Any) -> Any:
    """Answer the same text, or the same collection of texts, with the passwords in its addresses hidden."""
    if isinstance(answer, str):
        return _PASSWORD.sub(rf"\1:{HIDDEN}@", answer)
    if isinstance(answer, dict):
        return {key: without_passwords(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [without_passwords(value) for value in answer]
    return answer


def _kept(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if line.strip() == _START:
            inside = True
            yield line
        elif inside and (_FRAME.match(line) or line.startswith("    ")):
            yield line
        elif inside:
            inside = False
            found = _ERROR.match(line)
            yield found.group() if found else HIDDEN
