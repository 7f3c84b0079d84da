"""What is told of the past in the present: "Yesterday I go", and "I go there yesterday"."""

import re
from functools import lru_cache
from typing import NamedTuple

from embedded.bedrock.corrections.rules import Why, all_rules, as_capital_as, expanded
from embedded.bedrock.corrections.verbs import all_verbs

_WHY = Why(
    'With a time in the past, such as "yesterday", use the past tense of the verb.',
    "yesterday처럼 과거를 나타내는 말이 있으면 동사를 과거형으로 씁니다.",
)
_SUBJECT = r"(?:I|you|he|she|it|we|they|my <PERSON>s? and I|(?:my|our|his|her) <PERSON>s?|me and my friends?)"
_SHORT = r"i'm|he's|she's|it's|we're|they're"
_STATE = r"(?:<FEELING>|at home|at work|at school)"
_BE = {"am": "was", "is": "was", "are": "were"}
_MODALS = {
    "can": "could",
    "can't": "couldn't",
    "cannot": "couldn't",
    "don't": "didn't",
    "doesn't": "didn't",
    "have to": "had to",
}
_CONTRACTED = {"i'm": "was", "he's": "was", "she's": "was", "it's": "was", "we're": "were", "they're": "were"}
# A clause of its own, or a participle, may have a tense of its own.
_OTHER_CLAUSE = re.compile(
    r"\b(?:who|that|which|what|where|when|how|why|if|since|than|as|like|from|of|about|because|but|so|after|before|until"
    r"|i|you|we|he|she|they|was|were|did|is|are|am|had|been|will|would|could|can|should|\w+ed)\b",
    re.I,
)
# "Yesterday I think I saw him" is right: the thought is of now.
_OPINION = r"(?:think|believe|guess|suppose|know|remember|hope|mean|wish)\b"


class _Patterns(NamedTuple):
    first: re.Pattern[str]
    last: re.Pattern[str]
    be_last: re.Pattern[str]
    also: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    lists = all_rules().lists
    verb = r"(?P<verb>can't|cannot|can|don't|doesn't|have to|am|is|are|<BASE>|<THIRD>)(?![\w'-])"
    rest = r"(?P<rest>.*)$"
    return _Patterns(
        _compiled(rf"^(?P<before><TIME>,?\s+{_SUBJECT}\s+(?:<OFTEN>\s+)?)(?!{_OPINION}){verb}{rest}", lists),
        _compiled(
            rf"^(?P<before>{_SUBJECT}\s+(?:<OFTEN>\s+)?)(?P<verb>can't|cannot|don't|doesn't|<ACTION>|<ACTIONS>)(?![\w'-])"
            rf"(?P<rest>(?:\s+[\w'-]+){{0,9}}?\s+<TIME>\s*[.!]*)$",
            lists,
        ),
        _compiled(
            rf"^(?P<before>{_SUBJECT}\s+|(?={_SHORT}))(?P<verb>am|is|are|{_SHORT})"
            rf"(?P<rest>\s+(?:(?:very|so|really|too|not)\s+)?{_STATE}\s+<TIME>\s*[.!]*)$",
            lists,
        ),
        _compiled(
            r"(?P<before>\s+and\s+)(?P<verb><BASE>)(?=\s+(?:a|an|the|my|some|with|in|at|for|it|him|her|them|us|<GAME>)\b)",
            lists,
        ),
    )


def in_the_past(sentence: str) -> tuple[str, Why | None]:
    """Return a sentence with its verb in the past where a time says so, and why; else the sentence as it was.

    A time at the end of a longer sentence may belong to another clause; such sentences are left alone.
    """
    patterns = _patterns()
    match = patterns.first.match(sentence) or patterns.be_last.match(sentence)
    if match is None:
        match = patterns.last.match(sentence)
        if match is None or _has_other_clause(_without_time(match["rest"])):
            return sentence, None
    return match["before"] + _past(match["verb"]) + _also(match["rest"]), _WHY


def _past(verb: str) -> str:
    lower = verb.lower()
    if lower in _CONTRACTED:
        subject = verb.split("'")[0]
        return f"{subject} {_CONTRACTED[lower]}"
    known = _BE.get(lower) or _MODALS.get(lower)
    return known or as_capital_as(verb, all_verbs().find(verb).past)


def _also(rest: str) -> str:
    """Put a second verb of the same subject into the past too: "went there and meet my friend"."""
    found = _patterns().also.search(rest)
    if found is None or re.search(r"\bto\s+(?!the\b|a\b|my\b)\w+\s", rest[: found.start()]) is not None:
        return rest
    return rest[: found.start("verb")] + all_verbs().find(found["verb"]).past + rest[found.end("verb") :]


def _has_other_clause(rest: str) -> bool:
    verbs = all_verbs().by_form
    words = re.findall(r"[a-z']+", rest.lower())
    return bool(_OTHER_CLAUSE.search(rest)) or any(word in verbs and verbs[word].base != word for word in words)


def _without_time(rest: str) -> str:
    return re.sub(expanded(r"\s<TIME>\s*[.!]*$", all_rules().lists), "", rest, flags=re.IGNORECASE)


def _compiled(pattern: str, lists: dict[str, str]) -> re.Pattern[str]:
    return re.compile(expanded(pattern, lists), re.IGNORECASE)
