"""What a scorer tells; numbers are from 0 to 100, times in milliseconds. What each means stands in `scorer`."""

from typing import NamedTuple

CORRECT, MISPRONOUNCED, MISSED, EXTRA = "correct", "mispronounced", "missed", "extra"
NO_SPEECH, OTHER_WORDS, UNCLEAR = "no_speech", "other_words", "unclear"


class PhoneResult(NamedTuple):
    """A sound, its score, and the sound that fits better: "" where none does, None where it is the best itself."""

    phone: str
    score: float
    heard: str | None


class WordResult(NamedTuple):
    """A word as it is written, or an extra one; `heard` is what was heard in its place, where that is another."""

    word: str
    status: str
    start_ms: int | None = None
    end_ms: int | None = None
    score: float | None = None
    heard: str | None = None
    also_heard: str | None = None
    suspected: str | None = None
    hint: str | None = None
    phones: tuple[PhoneResult, ...] = ()


class Result(NamedTuple):
    """How a sentence was said; `unheard` is the reason why nothing is graded, if there is one."""

    words: list[WordResult]
    overall: float
    word_accuracy: float
    completeness: float
    fluency: float | None
    prosody: float | None
    confidence: float
    heard: str
    duration_ms: int
    unheard: str | None
    unscored: list[str]


def nothing(
    words: list[WordResult], reason: str, confidence: float, heard: str, duration_ms: int, unscored: list[str]
) -> Result:
    """Return the result where nothing can be graded, and no number means anything."""
    return Result(words, 0.0, 0.0, 0.0, None, None, confidence, heard, duration_ms, reason, unscored)
