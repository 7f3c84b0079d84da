"""What the built-in partner is told: labelled lines of the system prompt, such as `Level: beginner`."""

import re
from enum import StrEnum
from typing import NamedTuple

_LABELS = "purpose|level|topic|role|situation|language|length|ending"
_LINE = re.compile(rf"^[ \t]*({_LABELS})[ \t]*:[ \t]*(.+?)[ \t]*$", re.I | re.M)
_LEVELS = ("beginner", "intermediate", "advanced")


class Purpose(StrEnum):
    """What is wanted."""

    REPLY = "reply"
    OPENING = "opening"
    CORRECTION = "correction"
    REPORT = "report"
    SUMMARY = "summary"
    ROOM = "room"


class Brief(NamedTuple):
    """The labelled lines, with what holds where one is missing."""

    purpose: Purpose = Purpose.REPLY
    level: str = "intermediate"
    topic: str = ""
    role: str = ""
    situation: str = ""
    language: str = "en"
    is_short: bool = False
    is_ending: bool = False

    @property
    def is_simple(self) -> bool:
        """Tell whether only short and simple sentences will do."""
        return self.level == "beginner"


def read_brief(system: str) -> Brief:
    """Return what a system prompt says: of two lines with one label the first; what is unknown is passed over."""
    told: dict[str, str] = {}
    for label, value in _LINE.findall(system):
        told.setdefault(label.lower(), value.strip('"').strip())
    purpose, level = told.get("purpose", "").lower(), told.get("level", "").lower()
    return Brief(
        Purpose(purpose) if purpose in set(Purpose) else Purpose.REPLY,
        level if level in _LEVELS else "intermediate",
        told.get("topic", ""),
        told.get("role", ""),
        told.get("situation", ""),
        "ko" if told.get("language", "").lower()[:2] == "ko" else "en",
        told.get("length", "").lower() == "short",
        told.get("ending", "").lower() == "yes",
    )
