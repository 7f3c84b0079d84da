"""A conversation that is to be looked back upon: the messages themselves, or lines such as `Student: ...` in one."""

import re
from typing import NamedTuple

from embedded.bedrock.asking import Asked

_LINE = re.compile(r"^[ \t]*(student|partner)[ \t]*:[ \t]*(.+)$", re.I | re.M)

_SAID = re.compile(r'^(?:".*" said|Asked of you): "(.*)"$', re.M)


class Transcript(NamedTuple):
    """What each side said, in order."""

    student: list[str]
    partner: list[str]


def transcript_of(asked: Asked) -> Transcript:
    """Return what was said; without such lines the last message counts as the student's like those before."""
    lines = [line for one in asked.said if one.role == "user" for line in _LINE.findall(one.text)]
    if lines:
        student = [_bare(text) for who, text in lines if who.lower() == "student"]
        return Transcript(student, [_bare(text) for who, text in lines if who.lower() == "partner"])
    return Transcript(
        [one.text for one in asked.said if one.role == "user"],
        [one.text for one in asked.said if one.role == "assistant"],
    )


def said_in_room(record: str) -> str:
    """Return what a room asks of the partner, or what was said there last; a record of another shape as it is."""
    quoted = _SAID.findall(record)
    return str(quoted[-1]) if quoted else record


def _bare(text: str) -> str:
    return text.strip().strip('"').strip()
