"""The partner's reactions, read once from `phrases.json`; which one is said depends on the conversation alone."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from zlib import crc32

_FILE = Path(__file__).with_name("phrases.json")


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, list[str]]]:
    phrases: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text("utf-8"))
    return phrases


def reaction(kind: str, *, is_simple: bool, seed: str, said: str, **words: str) -> str:
    """Return a reaction of a kind, one that was not `said` lately where there is another."""
    choices = _phrases()[kind]["simple" if is_simple else "rich"]
    return pick([choice.format(**words) for choice in choices], seed, said)


def pick(choices: Sequence[str], seed: str, said: str) -> str:
    """Return the same choice for the same seed, passing over what was said where something else is left."""
    start = crc32(seed.encode()) % len(choices)
    turned = [*choices[start:], *choices[:start]]
    return next((choice for choice in turned if choice not in said), turned[0])
