"""What a conversation with the partner is made of."""

from pydantic import Field

from shared.kernel.contract import Contract
from shared.kernel.levels import Level


class Scene(Contract):
    """What is talked about, with whom, and how simply; `language` is the student's own, for explanations."""

    level: Level
    topic: str
    role: str
    situation: str = ""
    language: str = "en"


class Exchange(Contract):
    """One turn as the model is reminded of it."""

    student: str
    partner: str


class Span(Contract):
    """A part of a sentence that was changed: characters `start` to `end` of the original became `better`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    original: str
    better: str


class Correction(Contract):
    """A student's sentence made right: the spans that changed, in their order, and why, in the student's language."""

    original: str
    better: str
    spans: list[Span]
    why: str


class Opening(Contract):
    """How a conversation begins."""

    situation: str
    first_message: str


class Phrase(Contract):
    """A phrase worth keeping, and what it means, in the student's language."""

    english: str
    meaning: str


class Report(Contract):
    """A short report on a student's English, in the student's language but for the English in it."""

    summary: str
    corrections: list[Correction] = Field(default_factory=list)
    phrases: list[Phrase] = Field(default_factory=list)
    turn_count: int = 0
