"""An answer while it is spoken: plain text, from which sentences are cut as soon as they are whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from shared.domains.turns.models import Going
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.partner import Ending, Finished, Piece, Usage, token_estimate
from shared.kernel.sentences import sentences
from shared.kernel.texts import harmless

log = get_log()

_NEXT = "x"
"""Stands for the word that may follow: a text has ended its sentence where this would begin another one."""


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
    """An answer on its way: shown as it is said, and spoken sentence by sentence while the model goes on.

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


def usage_of(finished: Finished | None, asked_tokens: int, text: str) -> Usage:
    """Return what an answer cost; of one that was stopped about that, since nobody told."""
    return finished.usage if finished else Usage(asked_tokens, token_estimate(text))
