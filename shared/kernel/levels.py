"""Levels of English, as every part that speaks of them writes them."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, StringConstraints, WithJsonSchema

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


def _in_any_case(word: str) -> str:
    return "".join(f"[{one.upper()}{one}]" for one in word)


_SPELLINGS = "|".join((*map(_in_any_case, LEVELS), *_KOREAN))
_NAMED = {"type": "string", "enum": [*LEVELS]}
_TAKEN = {"anyOf": [_NAMED, {"type": "string", "pattern": f"^ *({_SPELLINGS}) *$"}]}

Level = Annotated[
    str,
    StringConstraints(pattern="^[a-z]+$"),
    BeforeValidator(_level),
    WithJsonSchema(_TAKEN, mode="validation"),
    WithJsonSchema(_NAMED, mode="serialization"),
]
"""A level, accepted in any letter case and in Korean, answered in lower-case English."""

LEVEL_NAMES = AliasChoices("level", "difficulty")
"""The names under which a command takes a level; answers call it `level`."""
