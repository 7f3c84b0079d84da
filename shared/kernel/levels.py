"""Levels of English, as every part that speaks of them writes them."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, StringConstraints

LEVELS = ("beginner", "intermediate", "advanced")
_KOREAN = {"하": "beginner", "중": "intermediate", "상": "advanced"}


def _level(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    word = value.strip()
    found = _KOREAN.get(word, word.lower())
    if found not in LEVELS:
        raise ValueError("must be beginner, intermediate or advanced")
    return found


Level = Annotated[str, StringConstraints(pattern="^[a-z]+$"), BeforeValidator(_level)]
"""A level, accepted in any letter case and in Korean, answered in lower-case English."""

LEVEL_NAMES = AliasChoices("level", "difficulty")
"""The names under which a command takes a level; answers call it `level`."""
