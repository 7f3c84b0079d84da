"""What an answer is while it is spoken: nothing but text, whose sentences are cut off as soon as they are whole."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import NamedTuple

from shared.domains.conversations.models import Turn
from shared.domains.partner.models import (
    Correction,
    Scene,
    correction_question,
    fitting,
    question_estimate,
    read_correction,
    token_estimate,
)
from shared.domains.turns.models import Going
from shared.kernel.errors import DomainError, Text, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.partner import Ending, Filled, Finished, Piece, Question, Usage
from shared.kernel.sentences import sentences
from shared.kernel.times import instant

SPENT = Text(
    "That is all for today: you have practised a lot. Let's talk again tomorrow!",
    "오늘은 여기까지예요. 정말 많이 연습했어요. 내일 다시 이야기해요!",
)
"""What a student is told whose budget is spent."""
CHARACTERS_A_TOKEN = 4
"""Characters of English that a token is, by the vendors' rule of thumb: the most that an answer's voice may cost."""
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_NEXT = "x"
"""Stands for the word that may follow: a text has ended its sentence where this would begin another one."""

log = get_log()


def harmless(piece: str) -> str:
    """Return what a person would read of a piece of text, spaces and all.

    Only line breaks and tabs are kept of the control characters; zero-width characters, orders to change the direction
    of writing, private ones and halves of pairs are gone.
    """
    broken = _BREAKS.sub("\n", piece)
    return "".join(one for one in broken if one in "\n\t" or unicodedata.category(one) not in _UNSEEN)


def audible(text: str) -> list[str]:
    """Return the sentences of a text that have a word in them: nothing else can be heard."""
    return [one for one in sentences(text) if any(character.isalnum() for character in one)]


@dataclass(slots=True)
class Speech:
    """An answer as it grows: what is shown of it, and which sentences are whole.

    What is shown neither begins nor ends with a space, at no time: so the deltas are the answer, joined.
    """

    text: str = ""
    _space: str = ""
    _rest: str = ""

    def grow(self, piece: str) -> tuple[str, list[str]]:
        """Take a piece; return what may be shown of it now, and the sentences that it made whole."""
        clean = self._space + harmless(piece)
        shown = clean.rstrip() if self.text else clean.strip()
        self._space = clean[len(clean.rstrip()) :] if self.text or shown else ""
        self.text += shown
        *whole, rest = sentences(self._rest + shown + self._space + _NEXT)
        self._rest = rest[: -len(_NEXT)].rstrip()
        return shown, [one for sentence in whole for one in audible(sentence)]

    def finish(self, ending: Ending) -> list[str]:
        """End the answer; return the sentences that nobody cut off yet.

        One that reached its limit ends with its last whole sentence, where there is one.
        """
        rest, self._rest = self._rest, ""
        if ending is not Ending.LENGTH or not rest or len(sentences(f"{rest} {_NEXT}")) > 1:
            return audible(rest)
        whole = self.text.removesuffix(rest).rstrip()
        self.text = whole or self.text
        return [] if whole else audible(rest)


@dataclass(slots=True)
class Delivery:
    """An answer on its way to who waits: shown as it is said, and spoken sentence by sentence while the model goes on.

    `show` logs a part, and is None where nobody can hear; `speak` has a sentence spoken as the one of that index, and
    tells whether it may be. What fails of either costs the rest of it, never the answer. `began` is called when the
    first part was shown.
    """

    show: Callable[[str], Going] | None
    speak: Callable[[str, int], bool] | None
    began: Callable[[], object]
    said: str = ""
    spoken: list[str] = field(default_factory=list)
    finished: Finished | None = None

    def deliver(self, pieces: Iterable[Piece]) -> Going:
        """Take pieces until the end, or until nobody wants more of them; tell which."""
        speech = Speech()
        for piece in pieces:
            if isinstance(piece, Finished):
                self.finished = piece
                self._speak(speech.finish(piece.ending))
                self.said = speech.text
                continue
            shown, sentences_of_it = speech.grow(piece)
            going = self._show(shown) if shown else Going.ON
            if going is not Going.ON:
                return going
            self._speak(sentences_of_it)
        return Going.ON

    def _show(self, shown: str) -> Going:
        try:
            going = self.show(shown) if self.show else Going.ON
        except Unavailable:
            self.show, going = None, Going.ON  # a part is missing now: what comes after it must not be shown either
            log.warning("turn.blind")
        if going is Going.ON:
            is_first = not self.said
            self.said += shown
            if is_first:
                self.began()
        return going

    def _speak(self, whole: list[str]) -> None:
        for sentence in whole if self.speak else ():
            try:
                if self.speak is None or not self.speak(sentence, len(self.spoken)):
                    self.speak = None
                    return
            except DomainError as problem:
                self.speak = None
                log.warning("turn.not_spoken", code=problem.code)
                return
            self.spoken.append(sentence)


class Words(NamedTuple):
    """What the student said, and how that is known; `confidence` is from 0 to 1, None where unknown."""

    text: str
    heard: bool = False
    confidence: float | None = None


class Reply(NamedTuple):
    """What the partner said, what it cost, whether the student wanted no more, and which sentences are spoken."""

    text: str
    usage: Usage = Usage()
    stopped: bool = False
    spoken: tuple[str, ...] = ()


def usage_of(finished: Finished | None, asked_tokens: int, text: str) -> Usage:
    """Return what an answer cost; of one that was stopped about that, since nobody told."""
    return finished.usage if finished else Usage(asked_tokens, token_estimate(text))


@dataclass(frozen=True, slots=True)
class Timeline:
    """When what happened, in milliseconds since the turn was sent; what happened first counts."""

    sent_at: str
    now: Callable[[], datetime]
    marks: dict[str, int] = field(default_factory=dict)

    def mark(self, name: str) -> int:
        """Note that something happens now, unless it did before; return when it did."""
        passed = (self.now() - instant(self.sent_at)).total_seconds()
        return self.marks.setdefault(name, round(passed * 1000))


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
        try:
            self._filled = self._fill(self._question)
        except Exception as problem:  # in a thread of its own nobody else would see it
            log.warning("turn.not_corrected", problem=type(problem).__name__)


def summarizable(turns: list[Turn], window_tokens: int) -> int | None:
    """Return the number of the last turn that is to be summarised; None while the model is shown them all.

    What fits into half of the window is kept, so that a summary is made now and then and not after each turn.
    """
    exchanges = [turn.exchange for turn in turns]
    if len(fitting(exchanges, window_tokens)) == len(exchanges):
        return None
    return turns[-len(fitting(exchanges, window_tokens // 2)) - 1].number
