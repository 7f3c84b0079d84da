"""A scorer that is told what it hears, for tests of the rules around it."""

import difflib
import re
from collections.abc import Collection

from shared.domains.practice.errors import NothingToScore
from shared.domains.practice.models import (
    MISPRONOUNCED_BELOW,
    Difficulty,
    Pronunciation,
    SpokenWord,
    Unheard,
    WordStatus,
)
from shared.domains.practice.ports import Progress, Transcript

_WORD_MS = 300
MOST_WORDS = 200


class MemoryScorer:
    """The port PronunciationScorer: `says` maps a recording's bytes to its words; others are silence.

    Words are compared as they are written, whatever their case and punctuation; every word that is said scores `marks`
    of it, 90 at first.
    """

    def __init__(self, says: dict[bytes, str] | None = None, marks: dict[str, float] | None = None) -> None:
        """Know some recordings."""
        self.says, self.marks = says or {}, marks or {}

    def warm_up(self) -> None:
        """Do nothing: there is no model."""

    def score(
        self,
        recording: bytes,
        sentence: str,
        *,
        transcript: Transcript | None = None,
        suspected: Collection[Difficulty] = (),
        progress: Progress | None = None,
    ) -> Pronunciation:
        """Compare what the recording says with the sentence."""
        wanted, said = _words(sentence), _words(self.says.get(recording, ""))
        if not 1 <= len(wanted) <= MOST_WORDS:
            raise NothingToScore
        for stage in ("heard", "aligned", "scored"):
            if progress:
                progress(stage)
        return _compared(self._judged(wanted, said), len(wanted), " ".join(said), transcript() if transcript else None)

    def _judged(self, wanted: list[str], said: list[str]) -> list[SpokenWord]:
        words: list[SpokenWord] = []
        matcher = difflib.SequenceMatcher(None, wanted, said, autojunk=False)
        for kind, first, last, start, end in matcher.get_opcodes():
            if kind == "equal":
                words += [self._said(said[place], place) for place in range(start, end)]
                continue
            words += [SpokenWord(word=word, status=WordStatus.MISSED, score=0.0) for word in wanted[first:last]]
            words += [_timed(said[place], place, WordStatus.EXTRA, None) for place in range(start, end)]
        return words

    def _said(self, word: str, place: int) -> SpokenWord:
        score = self.marks.get(word, 90.0)
        return _timed(
            word, place, WordStatus.CORRECT if score >= MISPRONOUNCED_BELOW else WordStatus.MISPRONOUNCED, score
        )


def _timed(word: str, place: int, status: WordStatus, score: float | None) -> SpokenWord:
    return SpokenWord(word=word, status=status, start_ms=place * _WORD_MS, end_ms=(place + 1) * _WORD_MS, score=score)


def _compared(words: list[SpokenWord], wanted: int, heard: str, transcript: str | None) -> Pronunciation:
    said = [word.score for word in words if word.score is not None and word.status is not WordStatus.MISSED]
    share = len(said) / wanted
    accuracy = round(sum(said) / len(said), 1) if said else 0.0
    reason = None if said else Unheard.OTHER_WORDS if heard else Unheard.NO_SPEECH
    return Pronunciation(
        words=words if reason is not Unheard.NO_SPEECH else [],
        overall=round(accuracy * share, 1),
        word_accuracy=accuracy,
        completeness=round(100 * share, 1),
        fluency=accuracy if wanted > 1 else None,
        prosody=accuracy if wanted > 1 else None,
        confidence=0.6 if transcript is not None and _words(transcript) != heard.split() else 0.9,
        heard=heard,
        duration_ms=_WORD_MS * len(heard.split()),
        unheard=reason,
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))
