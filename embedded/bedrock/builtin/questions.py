"""Which question the partner asks next: never one that was asked in this conversation before."""

import re
from collections.abc import Iterator, Sequence

from embedded.bedrock.builtin.topics import Subject

FORMS = ("easy", "beginner", "intermediate", "advanced")
# They stand in too many sentences to lead anywhere.
_COMMON = frozenset(
    [
        "a",
        "and",
        "are",
        "best",
        "does",
        "good",
        "have",
        "home",
        "how",
        "i",
        "in",
        "is",
        "like",
        "love",
        "my",
        "of",
        "people",
        "time",
        "to",
        "want",
        "what",
    ]
)
_LETTERS = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Return the words alone, by which questions are compared."""
    return " ".join(_LETTERS.findall(text.lower()))


class Questions:
    """The subjects of a topic, and what of them was asked in `before`: the partner's words and any summary of them."""

    def __init__(self, subjects: Sequence[Subject], before: str) -> None:
        self._subjects = subjects
        self._before = f" {plain(before)} "

    def next(self, level: str, student: str) -> str:
        """Return a question in the level's form: of a subject that the student's words lead to, else of the next one.

        When every subject was asked about, other forms are asked; when all were, the very first comes again.
        """
        words = set(_LETTERS.findall(student.lower())) - _COMMON
        fresh = [one for one in self._subjects if not any(map(self._was_asked, one.asked.values()))]
        fresh.sort(key=lambda one: not one.about & words)
        if fresh:
            return fresh[0].asked[level]
        return next(self._unasked(level), self._subjects[0].asked[level])

    def simpler(self, last: str, student: str) -> str:
        """Return what was asked last in a simpler form that was not asked yet, or else an easy question."""
        said = f" {plain(last)} "
        for one in self._subjects:
            forms = [form for form in FORMS if f" {plain(one.asked[form])} " in said]
            below = FORMS[: FORMS.index(forms[0])] if forms else ()
            found = [one.asked[form] for form in reversed(below) if not self._was_asked(one.asked[form])]
            if found:
                return found[0]
        return self.next("easy", student)

    def asked(self) -> list[str]:
        """Return every question that was asked."""
        return [text for one in self._subjects for text in one.asked.values() if self._was_asked(text)]

    def _unasked(self, level: str) -> Iterator[str]:
        for form in (level, *FORMS):
            yield from (one.asked[form] for one in self._subjects if not self._was_asked(one.asked[form]))

    def _was_asked(self, question: str) -> bool:
        return f" {plain(question)} " in self._before
