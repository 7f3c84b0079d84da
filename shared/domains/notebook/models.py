"""What is stored of a student's mistakes, and when each is due for another try."""

import re
import unicodedata
from enum import StrEnum
from typing import Self

from shared.kernel.contract import Contract
from shared.kernel.uuids import named_uuid

REMEMBERED_HAPPENINGS = 50
"""How many happenings an entry remembers, so that the same one is not counted twice."""
_NOT_WORDS = re.compile(r"[^\w']+", re.UNICODE)


class MistakeKind(StrEnum):
    """Where a mistake was first seen."""

    PRONUNCIATION = "pronunciation"
    CORRECTION = "correction"
    FEEDBACK = "feedback"


class Card(Contract):
    """The state of an entry's spaced repetition, in the terms of FSRS: stability in days, difficulty from 1 to 10."""

    stability: float
    difficulty: float
    reviewed_at: str


class Mistake(Contract):
    """One happening: what was said, and what would have been better.

    `happening_id` names it for ever. `score` (0 to 100) is how well `better` was said; None where nothing was scored,
    as with a correction.
    """

    happening_id: str
    user_id: str
    kind: MistakeKind
    said: str
    better: str
    why: str | None = None
    source: str
    score: float | None = None
    at: str

    @property
    def entry_id(self) -> str:
        """Return the id of the entry that all mistakes with the same better words share."""
        return named_uuid(f"notebook\n{self.user_id}\n{normalized(self.better)}")


class NotebookEntry(Contract):
    """Mistakes whose better words are the same, whether the partner, a tutor or the scorer found them.

    `count` are the happenings that were mistakes; `known` takes the entry out of what is due. `version` rises with each
    write.
    """

    entry_id: str
    user_id: str
    kind: MistakeKind
    said: str
    better: str
    why: str | None = None
    source: str
    count: int = 0
    known: bool = False
    last_score: float | None = None
    card: Card
    due_at: str
    created_at: str
    updated_at: str
    happenings: tuple[str, ...] = ()
    version: int = 0

    def saw(self, happening_id: str) -> bool:
        """Tell whether a happening was noted before."""
        return happening_id in self.happenings

    def noting(self, happening_id: str) -> Self:
        """Return the entry with one more happening remembered."""
        return self.model_copy(update={"happenings": (*self.happenings, happening_id)[-REMEMBERED_HAPPENINGS:]})


def normalized(text: str) -> str:
    """Return the words alone, by which sentences are compared: no case, no punctuation, typographic quotes plain."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(_NOT_WORDS.sub(" ", plain).split())
