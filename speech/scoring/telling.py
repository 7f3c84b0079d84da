"""The words of a result: those of the sentence as they are written, and the extra ones, in the order of time."""

from typing import NamedTuple

import numpy as np

from speech.phones.arpabet import INDEX, PHONES
from speech.scoring.assess import Scores
from speech.scoring.difficulties import Suspicion
from speech.scoring.evidence import Evidence
from speech.scoring.results import CORRECT, EXTRA, MISPRONOUNCED, MISSED, PhoneResult, WordResult
from speech.scoring.sentence import Sentence

MISPRONOUNCED_BELOW = 60.0
_FRAME_MS = 10


class Judged(NamedTuple):
    """Everything that was found: `told` on all words of the sentence, `of_said` on those that were `said`.

    `extras` are candidates of `told`; `found` and `hinted` are by the places of `of_said`; `also` is what another
    recogniser heard by the places of the sentence's words, None where none was asked.
    """

    sentence: Sentence
    told: Evidence
    of_said: Evidence
    said: list[int]
    extras: list[int]
    scores: Scores
    found: list[Suspicion]
    hinted: set[int]
    also: dict[int, str | None] | None


def told_words(judged: Judged) -> list[WordResult]:
    """Return the words, extra ones before the word in front of which they were said."""
    sentence = judged.sentence
    extras: dict[int, list[WordResult]] = {}
    for number in judged.extras:
        candidate = judged.told.candidates[number]
        gap = candidate.gap if candidate.wanted is None else candidate.wanted
        before = sentence.owners[gap] if gap < len(sentence.owners) else len(sentence.written)
        extras.setdefault(before, []).append(_extra(judged, candidate.heard))
    words: list[WordResult] = []
    for place in range(len(sentence.written)):
        words += [*extras.get(place, []), _word(judged, place)]
    return words + extras.get(len(sentence.written), [])


def _extra(judged: Judged, number: int) -> WordResult:
    heard = judged.told.heard[number]
    return WordResult(heard.word, EXTRA, round(1000 * heard.start), round(1000 * heard.end), heard=heard.word)


def _word(judged: Judged, place: int) -> WordResult:
    parts = judged.sentence.of_written(place)
    said = [judged.said.index(part) for part in parts if part in judged.said]
    heard, also = _instead(judged, parts)
    name = judged.sentence.written[place]
    if 2 * len(said) < len(parts) or not said:
        return WordResult(name, MISSED, score=0.0, heard=heard, also_heard=also)
    score = round(10 * float(np.mean(judged.scores.words[said])), 1)
    start, end = _times(judged, said)
    suspected = next((one.name for one in judged.found if one.word in said), None)
    hint = next((one.name for one in judged.found if one.word in said and one.word in judged.hinted), None)
    status = CORRECT if score >= MISPRONOUNCED_BELOW else MISPRONOUNCED
    phones = tuple(phone for part in said for phone in _phones(judged, part))
    return WordResult(name, status, start, end, score, heard, also, suspected, hint, phones)


def _times(judged: Judged, said: list[int]) -> tuple[int, int]:
    assert judged.of_said.alignment is not None
    words = [word for word in judged.of_said.alignment.words if not word.is_silence]
    first, last = words[said[0]], words[said[-1]]
    return _FRAME_MS * first.start, _FRAME_MS * (last.start + last.frames)


def _phones(judged: Judged, word: int) -> list[PhoneResult]:
    told = judged.of_said
    sounds = told.sounds[word]
    return [
        PhoneResult(told.phones[at], round(50 * float(judged.scores.phones[at]), 1), _better(told, at))
        for at in range(sounds.start, sounds.stop)
    ]


def _better(told: Evidence, at: int) -> str | None:
    """Return the sound that fits best, where that is not the sentence's own."""
    ratios = told.instead[at].copy()
    ratios[INDEX[told.phones[at]]] = 0.0
    best = int(ratios.argmax())
    if ratios[best] <= 0:
        return None
    return PHONES[best] if best < len(PHONES) else ""


def _instead(judged: Judged, parts: range) -> tuple[str | None, str | None]:
    """Return what was heard in place of the words, by each recogniser, where it is not they."""
    told = judged.told
    heard = {match.wanted: match.heard for match in told.matches if match.wanted in parts}
    ours = [told.heard[number].word for number in heard.values() if number is not None]
    wanted = [told.words[part] for part in parts]
    theirs = None if judged.also is None else [word for part in parts if (word := judged.also.get(part))]
    also = None if theirs is None or theirs == wanted else " ".join(theirs)
    return None if ours == wanted else " ".join(ours), also
