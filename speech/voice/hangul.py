"""Korean words inside English, in the sounds that an English voice has: each syllable by its letters.

The order of letters is Unicode's (The Unicode Standard, section 3.12); sounds follow the Revised Romanisation (2000) of
single syllables, and a consonant before a vowel of the next syllable moves there.
"""

import re

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_MEDIALS, _FINALS = 21, 28
_INITIAL_SOUNDS = ("ɡ", "k", "n", "d", "t", "ɹ", "m", "b", "p", "s", "s", "", "ʤ", "ʤ", "ʧ", "k", "t", "p", "h")
_MEDIAL_SOUNDS = (
    *("ɑ", "ɛ", "jɑ", "jɛ", "ʌ", "ɛ", "jʌ", "jɛ", "O", "wɑ", "wɛ"),
    *("wɛ", "jO", "u", "wʌ", "wɛ", "wi", "ju", "ʊ", "i", "i"),
)
_FINAL_SOUNDS = (
    *("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l"),
    *("p", "l", "m", "p", "p", "t", "t", "ŋ", "t", "t", "k", "t", "p", "t"),
)
_SILENT_INITIAL = 11
_MOVES = {"k": "ɡ", "t": "s", "p": "b", "n": "n", "m": "m", "l": "ɹ"}
"""What a final consonant becomes before a vowel."""
RUN = re.compile("[\uac00-\ud7a3]+")


def sounds_of(word: str) -> str:
    """Return a run of Hangul syllables in the alphabet of the voice, stressed on the first."""
    letters = [_letters(ord(syllable) - _FIRST_SYLLABLE) for syllable in word]
    sounds = ""
    for at, (initial, medial, final) in enumerate(letters):
        follows_vowel = at + 1 < len(letters) and letters[at + 1][0] == _SILENT_INITIAL
        sounds += _INITIAL_SOUNDS[initial] + ("ˈ" if at == 0 else "") + _MEDIAL_SOUNDS[medial]
        last = _FINAL_SOUNDS[final]
        sounds += _MOVES.get(last, last) if follows_vowel else last
    return sounds


def _letters(number: int) -> tuple[int, int, int]:
    initial, rest = divmod(number, _MEDIALS * _FINALS)
    return initial, *divmod(rest, _FINALS)
