"""Whether a sentence is of a level: by its length, and by how frequent its words are.

`frequent_words.txt` has the 9,000 most frequent English words in their order, from wordfreq 3.1 (R. Speer, 2022,
doi:10.5281/zenodo.7199437; its data under CC BY-SA 4.0), without coarse ones.
"""

import re
from functools import cache
from pathlib import Path

WORDS_OF_LEVEL = {"beginner": (3, 8), "intermediate": (5, 14), "advanced": (8, 25)}
"""The fewest and the most words of a sentence."""
KNOWN_OF_LEVEL = {"beginner": 3_000, "intermediate": 8_000}
"""How far down the list of frequent words a level reaches; one word in ten, and one of fewer, may be rarer."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_ENDINGS = ("'s", "s", "es", "d", "ed", "ing", "ly", "er", "est")


def is_of_level(english: str, level: str) -> bool:
    """Tell whether a sentence has a level's length, and all but one in ten of its words are frequent enough for it.

    Names and other words with a capital inside the sentence count as known.
    """
    words = _WORD.findall(english)
    fewest, most = WORDS_OF_LEVEL[level]
    if not fewest <= len(words) <= most:
        return False
    reach = KNOWN_OF_LEVEL.get(level)
    if reach is None:
        return True
    rare = sum(not _is_known(word, number > 0, reach) for number, word in enumerate(words))
    return rare <= max(1, len(words) // 10)


def _is_known(word: str, may_be_name: bool, reach: int) -> bool:
    if may_be_name and word[0].isupper():
        return True
    plain = word.lower().replace("’", "'")
    parts = [plain, *plain.split("-")] if "-" in plain else [plain]
    return any(_rank(part) < reach for part in parts) or any(
        plain.endswith(ending) and min(map(_rank, _stems(plain, ending))) < reach for ending in _ENDINGS
    )


def _stems(word: str, ending: str) -> tuple[str, ...]:
    stem = word[: -len(ending)]
    return (stem, f"{stem}e", f"{stem[:-1]}y" if stem.endswith("i") else stem, stem[:-1] or stem)


def _rank(word: str) -> int:
    return _ranks().get(word, len(_ranks()))


@cache
def _ranks() -> dict[str, int]:
    path = Path(__file__).parent.parent / "frequent_words.txt"
    return {word: rank for rank, word in enumerate(path.read_text("ascii").split())}
