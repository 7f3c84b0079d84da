"""The rules of corrections: a student's sentence made right, beside the reply; nothing of the model's is trusted."""

import re
import unicodedata
from collections.abc import Callable
from contextvars import copy_context
from difflib import SequenceMatcher
from threading import Thread
from typing import Any

from shared.domains.conversations.models import Correction, Scene, Span, briefing, language_name
from shared.domains.turns.rules.prompting import utterance
from shared.kernel.isolation import isolated
from shared.kernel.logs import get_log
from shared.kernel.partner import Filled, Form, Question, Speaker, question_estimate, token_estimate
from shared.kernel.texts import plain

log = get_log()

LONGEST_WHY = 500
_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_CORRECT = (
    "The student's message is one thing that was said aloud in an English conversation. Fill in the form about it.",
    "Correct mistakes of grammar, word choice and word order with as few changes as possible, and keep the meaning.",
    "Do not judge style, punctuation or capital letters. Where there is no mistake, isCorrect is true.",
)
_CORRECTION = Form(
    "correct_sentence",
    "Give the student's sentence in correct English.",
    {
        "type": "object",
        "properties": {
            "isCorrect": {"type": "boolean", "description": "Whether there is no mistake in it."},
            "better": {"type": "string", "description": "The whole sentence in correct English."},
            "why": {"type": "string", "description": "Why, in one or two short sentences; empty where correct."},
        },
        "required": ["isCorrect", "better", "why"],
    },
)


def correction_question(sentence: str, scene: Scene) -> Question:
    """Return what is asked for the correction of a student's sentence; why is told in the student's language."""
    explained = f"Write `why` for the student, in {language_name(scene.language)}, and everything else in English."
    system = briefing("correction", scene, *_CORRECT, explained)
    most_tokens = 200 + 2 * token_estimate(sentence)
    return Question(system, [utterance(Speaker.STUDENT, sentence)], most_tokens, _CORRECTION, temperature=0.0)


def read_correction(fields: dict[str, Any], sentence: str) -> Correction | None:
    """Return a correction as the model gave it; None where it changes nothing that is heard, or is none.

    A correction is absurd that is empty, longer than twice the sentence and 80 characters, or has characters that
    nobody sees. The spans are ours, never the model's; their places are counted in code points.
    """
    given = fields.get("better")
    if fields.get("isCorrect") is not False or not isinstance(given, str) or len(given) > 2 * len(sentence) + 80:
        return None
    better = plain(given, len(given))
    if better != unicodedata.normalize("NFC", given).strip() or _heard(better) in ([], _heard(sentence)):
        return None
    why = plain(fields.get("why"), LONGEST_WHY)
    return Correction(original=sentence, better=better, spans=spans_of(sentence, better), why=why)


def _heard(text: str) -> list[str]:
    """Return the words of a text as they sound: neither case nor punctuation can be heard."""
    words = (
        match.group().replace("’", "'").casefold() for match in _TOKEN.finditer(unicodedata.normalize("NFC", text))
    )
    return [word for word in words if word[0].isalnum()]


def spans_of(original: str, better: str) -> list[Span]:
    """Return what changed between two texts, word by word, in order and without overlap.

    What was put in is shown with the word beside it, since nobody sees a span without length; neighbours are one.
    """
    old, new = [*_TOKEN.finditer(original)], [*_TOKEN.finditer(better)]
    compared = SequenceMatcher(None, [one.group() for one in old], [one.group() for one in new])
    changed: list[tuple[int, int, int, int]] = []
    for kind, first, last, begin, end in compared.get_opcodes():
        if kind == "equal":
            continue
        back, ahead = _beside(old, first, last)
        place = (first - back, last + ahead, begin - back, end + ahead)
        if changed and place[0] <= changed[-1][1]:
            before = changed.pop()
            place = (before[0], place[1], before[2], place[3])
        changed.append(place)
    return [_span(original, old[first:last], better, new[begin:end]) for first, last, begin, end in changed]


def _beside(old: list[re.Match[str]], first: int, last: int) -> tuple[int, int]:
    """Return how many words before and after are shown with a change: one where it is put in between."""
    if first < last or not old:
        return 0, 0
    has_word_ahead = last < len(old) and old[last].group()[0].isalnum()
    return (0, 1) if has_word_ahead or first == 0 else (1, 0)


def _span(original: str, old: list[re.Match[str]], better: str, new: list[re.Match[str]]) -> Span:
    start, end = (old[0].start(), old[-1].end()) if old else (0, 0)
    put = better[new[0].start() : new[-1].end()] if new else ""
    return Span(start=start, end=end, original=original[start:end], better=put)


class Correcting:
    """A correction that is asked for beside the reply, in a thread; whatever goes wrong with it costs it alone."""

    def __init__(self, sentence: str, scene: Scene, fill: Callable[[Question], Filled]) -> None:
        """Ask at once; `fill` asks the model."""
        self._sentence, self._question, self._fill = sentence, correction_question(sentence, scene), fill
        self._filled: Filled | None = None
        self._thread = Thread(target=copy_context().run, args=(self._ask,), name="correction", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> tuple[Correction | None, int]:
        """Return the correction, if there is one by then, and the tokens it cost: about, where it comes too late."""
        self._thread.join(seconds)
        if self._filled is None:
            return None, question_estimate(self._question) if self._thread.is_alive() else 0
        return read_correction(self._filled.fields, self._sentence), self._filled.usage.total

    def _ask(self) -> None:
        with isolated("turn.not_corrected"):  # in a thread of its own nobody else would see it
            self._filled = self._fill(self._question)
