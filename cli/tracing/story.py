"""Which lines of the logs belong to one request: those under its id, and those of batches and jobs that it was in."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

REQUEST, TRACE, MEMBERS = "requestId", "traceId", "requests"
MOST_LINES = 5_000
"""Of one story; a request with more is one that should not be shown whole."""

Line = dict[str, Any]


@dataclass
class Story:
    """The lines of one request in the order of their times, and the ids under which they were found."""

    lines: list[Line] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    is_whole: bool = True


def story_of(identifier: str, read: Callable[[], Iterable[str]]) -> Story:
    """Return the story of a request by its id, its trace id, or the id of a job, a message or a letter of it.

    The logs are read once for each step from an id to the next, usually twice, and never held in memory.
    """
    known = {identifier}
    while (story := _gathered(read(), known)).ids != known:
        known = story.ids
    story.lines.sort(key=lambda line: str(line.get("timestamp", "")))
    return story


def _gathered(texts: Iterable[str], known: set[str]) -> Story:
    found = Story(ids=set(known))
    for line in _mentioning(texts, known):
        if not _belongs(line, known):
            continue
        if len(found.lines) >= MOST_LINES:
            found.is_whole = False
            break
        found.lines.append(line)
        found.ids.update(_leading(line))
    return found


def _mentioning(texts: Iterable[str], known: set[str]) -> Iterator[Line]:
    for text in texts:
        if any(one in text for one in known):
            line = _read(text)
            if line is not None:
                yield line


def _read(text: str) -> Line | None:
    start = text.find("{")
    try:
        found = json.loads(text[start:]) if start >= 0 else None
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _belongs(line: Line, known: set[str]) -> bool:
    if line.get(REQUEST) in known or line.get(TRACE) in known:
        return True
    values = [value for value in line.values() if isinstance(value, str)]
    members = [one for value in line.values() if isinstance(value, list) for one in value if isinstance(one, str)]
    return bool(known.intersection(values) or known.intersection(members))


def _leading(line: Line) -> Iterator[str]:
    """Give the ids under which more of the story is told: the line's own request, also where that is a batch's."""
    request = line.get(REQUEST)
    if isinstance(request, str) and request:
        yield request
