"""Turns a line of a program's log into one line for people."""

import json
from typing import Any
from zlib import crc32

from rich.text import Text

from cli.foreign_text import foreign

_COLOURS = ("cyan", "green", "magenta", "blue", "yellow", "bright_cyan", "bright_green", "bright_magenta")
_LEVELS = {"debug": "dim", "warning": "yellow", "error": "bold red", "critical": "bold red"}
_SHOWN_APART = frozenset({"timestamp", "time", "level", "event", "process", "exception"})
_LONGEST_VALUE = 200
NAME_WIDTH = 18


def render(program: str, line: str) -> Text:
    """Return the line behind its program's name; a JSON line is read, any other is shown as it is."""
    text = Text(f"{program:<{NAME_WIDTH}} ", style=_COLOURS[crc32(program.encode()) % len(_COLOURS)])
    event = _event(line)
    return text.append_text(foreign(line) if event is None else _rendered(event))


def _event(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and "event" in found else None


def _rendered(event: dict[str, Any]) -> Text:
    level = str(event.get("level", "info"))
    text = foreign(str(event.get("timestamp", ""))[11:19], "dim")
    if level in _LEVELS:
        text.append(f" {level}", style=_LEVELS[level])
    text.append_text(foreign(f" {event['event']}", _LEVELS.get(level, "default")))
    for name, value in event.items():
        if name not in _SHOWN_APART:
            text.append_text(foreign(f" {name}=", "dim")).append_text(foreign(str(value)[:_LONGEST_VALUE]))
    if "exception" in event:  # its last line names it; the whole is in the file
        text.append_text(foreign(f" {str(event['exception']).strip().splitlines()[-1]}", "red"))
    return text
