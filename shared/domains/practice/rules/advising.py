"""What a student is told of a result: sentences that a teacher wrote (`advice.json`), chosen by the numbers.

At most two things are named, the most useful first: words left out, a sound that came out as another, a word that was
heard as another or hardly recognised, words that do not belong there, and pauses.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from shared.domains.practice.contract import HintItem
from shared.domains.practice.models import Difficulty, Pronunciation, PronunciationResult, SpokenWord, WordStatus

MOST_THINGS = 2
MOST_WORDS = 3
FLUENT_FROM = 60.0
"""A fluency below this is worth a word."""
_FILE = Path(__file__).parent.parent / "advice.json"


def feedback_on(result: PronunciationResult, language: str) -> str:
    """Return what the student is told, in Korean ("ko") or in English."""
    scored = result.scored
    if scored.unheard is not None:
        return _worded(_advice()["unheard"][scored.unheard.value], language)
    opening = _worded(_advice()["openings"][str(result.grade)], language)
    return " ".join([opening, *islice(_things(scored, language), MOST_THINGS)])


def hint_of(word: SpokenWord, language: str) -> HintItem | None:
    """Return what to try about a word, with two words to tell apart; None where nothing is known of it."""
    if word.hint is None:
        return None
    known = _advice()["difficulties"][word.hint.value]
    return HintItem(difficulty=word.hint.value, text=_worded(known, language), minimal_pair=tuple(known["pair"]))


def _things(scored: Pronunciation, language: str) -> Iterator[str]:
    advice = _advice()
    missed = [one.word for one in scored.words if one.status is WordStatus.MISSED]
    if missed:
        yield _worded(advice["missed"], language, words=_listed(missed))
    said = sorted((one for one in scored.words if one.score is not None), key=lambda one: one.score or 0.0)
    yield from _sounds(said, language)
    for one in said:
        if one.status is WordStatus.MISPRONOUNCED and one.hint is None:
            wording = advice["misheard" if one.heard else "mispronounced"]
            yield _worded(wording, language, words=_listed([one.word]), heard=one.heard or "")
    extra = [one.word for one in scored.words if one.status is WordStatus.EXTRA]
    if extra:
        yield _worded(advice["extra"], language, words=_listed(extra))
    if scored.fluency is not None and scored.fluency < FLUENT_FROM:
        yield _worded(advice["fluency"], language)


def _sounds(said: list[SpokenWord], language: str) -> Iterator[str]:
    told: set[Difficulty] = set()
    for one in said:
        hint = hint_of(one, language)
        if hint is not None and one.hint is not None and one.hint not in told:
            told.add(one.hint)
            yield _worded(_advice()["in_word"], language, words=_listed([one.word]), text=hint.text)


def _listed(words: list[str]) -> str:
    shown = ", ".join(f'"{word}"' for word in words[:MOST_WORDS])
    return shown + (" …" if len(words) > MOST_WORDS else "")


def _worded(wording: dict[str, Any], language: str, **fields: str) -> str:
    return str(wording["ko" if language == "ko" else "en"]).format(**fields)


@cache
def _advice() -> dict[str, Any]:
    advice: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return advice
