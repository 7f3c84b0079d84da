"""Rules of correction: a pattern of what is wrong, what stands there when it is right, and why, in two languages.

They are data, in `rules.json`. A pattern names lists of words as `<NAME>`; what is given names a group as `$2`, or one
of its forms as `$past2`. Every pattern stands between whole words. `lead` asks that a clause begins there, so that
"the friends of my mother have" is not about the mother; `phrase` asks that a phrase ends there, so that
"an information desk" is left alone.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from embedded.bedrock.corrections.verbs import Verbs, all_verbs

_FILE = Path(__file__).with_name("rules.json")
_GROUP = re.compile(r"\$([a-z]*)(\d)")
_LEAD = r"(?P<lead>^|[,;:.!?]\s+|\b(?:but|because|so|when|if)\s+)"
_WORD_BEGINS, _WORD_ENDS = r"(?<![\w'-])", r"(?![\w'-])"


class Why(NamedTuple):
    """A reason, in the two languages that are told."""

    en: str
    ko: str

    def told(self, language: str) -> str:
        """Return it in a language: Korean, or English in any other case."""
        return self.ko if language == "ko" else self.en


class Rule(NamedTuple):
    """One rule, ready to be used."""

    name: str
    find: re.Pattern[str]
    give: str
    why: Why

    def apply(self, sentence: str) -> str:
        """Return a sentence with everything that the rule finds put right."""
        return self.find.sub(self._given, sentence)

    def _given(self, match: re.Match[str]) -> str:
        lead = match.groupdict().get("lead")
        shift = 0 if lead is None else 1
        given = _GROUP.sub(lambda group: _form(group[1], match[int(group[2]) + shift] or ""), self.give)
        replaced = match.group()[len(lead or "") :]
        return (lead or "") + as_capital_as(replaced, " ".join(given.split()))


class Rules(NamedTuple):
    """The rules in the order in which they are applied, and lists of words."""

    rules: tuple[Rule, ...]
    lists: dict[str, str]


@lru_cache(maxsize=1)
def all_rules() -> Rules:
    """Return the rules of the file beside this one."""
    told = json.loads(_FILE.read_text("utf-8"))
    lists = word_lists(all_verbs()) | {name: "|".join(words.split(",")) for name, words in told["lists"].items()}
    return Rules(tuple(_rule(one, lists) for one in told["rules"]), lists)


def as_capital_as(before: str, after: str) -> str:
    """Return a text with a capital at its start where the other one has."""
    return after[:1].upper() + after[1:] if before[:1].isupper() else after


def expanded(pattern: str, lists: dict[str, str]) -> str:
    """Return a pattern with its lists of words in place."""
    return re.sub(r"<([A-Z_0-9]+)>", lambda name: f"(?:{lists[name[1]]})", pattern)


def word_lists(verbs: Verbs) -> dict[str, str]:
    """Return the lists that follow from the verbs; a verb with a past like its base tells nothing of time."""
    telling = [verb for verb in verbs.known if verb.past != verb.base and verb.base not in ("be", "do")]
    return {
        "BASE": _any(verb.base for verb in telling),
        "THIRD": _any(verb.third for verb in telling),
        "PAST": _any(verb.past for verb in telling),
        "MADE_UP": _any(verbs.made_up),
    }


def _any(words: Any) -> str:
    return "|".join(sorted(set(words), key=lambda word: (-len(word), word)))


def _rule(told: dict[str, Any], lists: dict[str, str]) -> Rule:
    lead = _LEAD if told.get("lead") else _WORD_BEGINS
    # What ends a phrase: the sentence, or a word that no noun is made longer by.
    end = _WORD_ENDS + (rf"(?=\s*(?:[.,!?;:]|$)|\s+(?:{lists['AFTER']})\b)" if told.get("phrase") else "")
    flags = 0 if told.get("case") else re.IGNORECASE
    pattern = re.compile(lead + expanded(told["find"], lists) + end, flags)
    return Rule(told["name"], pattern, told["give"], Why(told["en"], told["ko"]))


def _form(name: str, word: str) -> str:
    return _FORMS[name](word) if word else ""


def _plural(word: str) -> str:
    lower = word.lower()
    if lower in _PLURALS:
        return _PLURALS[lower]
    return (
        all_verbs().find(word).third
        if lower.endswith("y")
        else word + ("es" if lower.endswith(("s", "ch", "sh")) else "s")
    )


_COMPARATIVES: dict[str, str] = {
    "big": "bigger",
    "hot": "hotter",
    "thin": "thinner",
    "good": "better",
    "bad": "worse",
    "easy": "easier",
    "happy": "happier",
    "early": "earlier",
    "busy": "busier",
}
_PLURALS = {"child": "children", "person": "people", "man": "men", "woman": "women", "wife": "wives", "movie": "movies"}
_ONE = {"are": "is", "were": "was", "have": "has", "haven't": "hasn't", "don't": "doesn't", "aren't": "isn't"}
_MANY = {one: many for many, one in _ONE.items()} | {"am": "are", "wasn't": "weren't"}
_OBJECTS = {"he": "him", "she": "her", "they": "them", "we": "us", "i": "me"}


def _instead(base: str) -> Callable[[str], str]:
    """Return what puts another verb into the form that a word has."""

    def swapped(word: str) -> str:
        verbs = all_verbs()
        old, new = verbs.find(word), verbs.find(base)
        form = next(place for place, form in enumerate(old) if form == word.lower())
        return new[form]

    return swapped


_FORMS: dict[str, Callable[[str], str]] = {
    "": str,
    "base": lambda word: all_verbs().find(word).base,
    "past": lambda word: all_verbs().find(word).past,
    "participle": lambda word: all_verbs().find(word).participle,
    "third": lambda word: all_verbs().find(word).third,
    "ing": lambda word: all_verbs().find(word).ing,
    "plural": _plural,
    "one": lambda word: _ONE.get(word.lower(), word),
    "many": lambda word: _MANY.get(word.lower(), word),
    "object": lambda word: _OBJECTS.get(word.lower(), word),
    "singular": lambda word: word[:-1],
    "do": _instead("do"),
    "make": _instead("make"),
    "take": _instead("take"),
    "have": _instead("have"),
    "comparative": lambda word: _COMPARATIVES.get(word.lower(), word + ("r" if word.endswith("e") else "er")),
}
