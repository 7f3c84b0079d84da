"""The forms of English verbs: those that follow no rule from a table, the others by spelling."""

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("verbs.json")
_VOWELS = "aeiou"


class Verb(NamedTuple):
    """A verb's five forms."""

    base: str
    past: str
    participle: str
    third: str
    ing: str


class Verbs(NamedTuple):
    """Verbs by any of their forms, and wrong forms that learners make with the verb that is meant."""

    known: tuple[Verb, ...]
    by_form: dict[str, Verb]
    made_up: dict[str, Verb]

    def find(self, form: str) -> Verb:
        """Return the verb of a form; of an unknown word, the regular verb that it would be the base of."""
        lower = form.lower()
        return self.by_form.get(lower) or self.made_up.get(lower) or _regular(lower, frozenset())


@lru_cache(maxsize=1)
def all_verbs() -> Verbs:
    """Return the verbs of the file beside this one."""
    told = json.loads(_FILE.read_text("utf-8"))
    doubled = frozenset(told["doubled"].split())
    irregular = [_irregular(line, doubled) for line in told["irregular"].split(",")]
    taken = {verb.base for verb in irregular}
    regular = [_regular(base, doubled) for base in told["regular"].split() if base not in taken]
    known = (*irregular, *regular)
    by_form: dict[str, Verb] = {}
    for place in ("base", "third", "ing", "past", "participle"):
        for verb in known:
            by_form.setdefault(getattr(verb, place), verb)
    pairs = (pair.split(":") for pair in told["made_up"].split(","))
    return Verbs(known, by_form, {wrong: by_form[base] for wrong, base in pairs})


def _irregular(line: str, doubled: frozenset[str]) -> Verb:
    base, past, participle = line.split()
    third = {"be": "is", "have": "has"}.get(base, _third(base))
    return Verb(base, past, participle, third, _ing(base, doubled))


def _regular(base: str, doubled: frozenset[str]) -> Verb:
    past = _past(base, doubled)
    return Verb(base, past, past, _third(base), _ing(base, doubled))


def _third(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    return base[:-1] + "ies" if _ends_in_y(base) else base + "s"


def _past(base: str, doubled: frozenset[str]) -> str:
    if base.endswith("e"):
        return base + "d"
    if _ends_in_y(base):
        return base[:-1] + "ied"
    return base + (base[-1] if base in doubled else "") + "ed"


def _ing(base: str, doubled: frozenset[str]) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return base[:-1] + "ing"
    return base + (base[-1] if base in doubled else "") + "ing"


def _ends_in_y(base: str) -> bool:
    return base.endswith("y") and base[-2] not in _VOWELS
