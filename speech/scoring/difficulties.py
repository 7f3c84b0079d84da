"""What Korean speakers find hard, told from what a recording shows: by one place, and then by two.

A place suggests a difficulty when another sound explains the recording better than the one that belongs there (log
ratio above 0, by the phone model), and the sound's own score is below `WEAK`. A hint needs two places of a session.
Limits and shares found are of errors put into synthesised speech (docs/speech.md): no Korean speaker was measured.
"""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from speech.phones.arpabet import FINAL_CONSONANTS, INDEX, PHONES, VOWELS
from speech.scoring.evidence import Evidence

WEAK = 1.6
"""Of 2: experts who hear no accent give more."""
TWICE = 2
_LEAVING_OUT = len(PHONES)
_ADDED_VOWELS = [INDEX[vowel] for vowel in ("UH", "AH", "IH", "UW")]
_LEAST_ADDED, _LEAST_DROPPED = 0.0, 1.0
CONFUSED = {
    "R": (("R>L", "L"),),
    "L": (("L>R", "R"),),
    "F": (("F>P", "P"),),
    "V": (("V>B", "B"),),
    "TH": (("TH>T", "T"), ("TH>S", "S")),
    "DH": (("DH>D", "D"),),
    "Z": (("Z>JH", "JH"),),
    "IY": (("IY>IH", "IH"),),
}
"""By sound: the name of the difficulty, and what is heard in its place. IH as IY, Z as S, AE and EH, UW and UH, AO and
OW could not be told apart well enough, and are not here."""
VOWEL_ADDED, CONSONANT_DROPPED = "final+vowel", "final dropped"
_AT_ONSET = frozenset({"R", "L"})


class Suspicion(NamedTuple):
    """A place that suggests a difficulty: the word, the sound in the sentence, and how much better the other fits."""

    word: int
    phone: int
    name: str
    ratio: float


def suspicions(told: Evidence, scores: Collection[float]) -> list[Suspicion]:
    """Return, for each word that has any, the difficulty that its recording suggests most."""
    marks = list(scores)
    found: dict[int, Suspicion] = {}
    for word, sounds in enumerate(told.sounds):
        for phone in range(sounds.start, sounds.stop):
            if marks[phone] < WEAK:
                for name, ratio in _ratios(told, sounds, phone):
                    if ratio > 0 and (word not in found or ratio > found[word].ratio):
                        found[word] = Suspicion(word, phone, name, ratio)
    return [found[word] for word in sorted(found)]


def hinted(found: list[Suspicion], before: Collection[str]) -> set[int]:
    """Return the words whose difficulty at least two places suggest, those of the session so far among them."""
    places = Counter(before) + Counter(one.name for one in found)
    return {one.word for one in found if places[one.name] >= TWICE}


def _ratios(told: Evidence, sounds: slice, phone: int) -> list[tuple[str, float]]:
    name = told.phones[phone]
    is_onset = phone + 1 < sounds.stop and told.phones[phone + 1] in VOWELS
    ratios = [
        (difficulty, float(told.instead[phone, INDEX[other]]))
        for difficulty, other in CONFUSED.get(name, ())
        if name not in _AT_ONSET or is_onset
    ]
    if phone + 1 == sounds.stop and name in FINAL_CONSONANTS and sounds.stop - sounds.start > 1:
        added = float(told.sequence.insertion(phone + 1)[_ADDED_VOWELS].max())
        ratios.append((VOWEL_ADDED, added - _LEAST_ADDED))
        ratios.append((CONSONANT_DROPPED, float(told.instead[phone, _LEAVING_OUT]) - _LEAST_DROPPED))
    return ratios
