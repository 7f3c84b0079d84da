"""The words of a text with their times, as Polly tells of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\s\w]")
_LETTER_MS = 60
"""How long a letter takes after the last word that the engine told of."""


def timed_words(text: str, events: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, int]]:
    """Give each word that is heard and its time in milliseconds, by the engine's events (start, end, time).

    The engine tells of "I" in "I'd", where Polly tells of all of it, and not of "the" in "on the", which it slurs: the
    time of such a word lies between its neighbours', by the letters between.
    """
    starts = [start for start, _, _ in events]
    if not events:
        return
    for match in _WORD.finditer(text):
        first, after = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        if first < after:
            yield match.group(), events[first][2]
        elif match.group()[0].isalnum() and match.start() > starts[0]:
            yield match.group(), _between(match.start(), starts, events)


def _between(place: int, starts: Sequence[int], events: Sequence[tuple[int, int, int]]) -> int:
    after = bisect_right(starts, place)
    start, _, time = events[after - 1]
    if after == len(events):
        return time + _LETTER_MS * (place - start)
    return time + (events[after][2] - time) * (place - start) // (events[after][0] - start)
