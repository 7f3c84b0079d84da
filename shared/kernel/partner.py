"""The partner in a conversation: a language model behind one port, asked by plain texts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from shared.kernel.errors import DomainError


class Speaker(StrEnum):
    """The side that said something, in the model's words."""

    STUDENT = "user"
    PARTNER = "assistant"


class Utterance(NamedTuple):
    """What one side said."""

    speaker: Speaker
    text: str


class Form(NamedTuple):
    """What is to be filled in instead of free text: a name and a JSON schema of its fields."""

    name: str
    description: str
    schema: dict[str, Any]


class Question(NamedTuple):
    """What the model is asked: who it is, what was said so far (the last by the student), and how long it may speak.

    With a form the answer is the form's fields, never text.
    """

    system: str
    said: list[Utterance]
    most_tokens: int
    form: Form | None = None
    temperature: float = 0.7


class Usage(NamedTuple):
    """The tokens that an answer cost."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def total(self) -> int:
        """Return all of them."""
        return self.input_tokens + self.output_tokens


class Ending(StrEnum):
    """Why the model stopped: it was done, its limit was reached, or a guardrail put its own text in place."""

    DONE = "done"
    LENGTH = "length"
    GUARDED = "guarded"


class Finished(NamedTuple):
    """The end of a stream."""

    ending: Ending
    usage: Usage


class Filled(NamedTuple):
    """A form's fields as the model gave them, not yet checked against anything, and what they cost."""

    fields: dict[str, Any]
    usage: Usage


Piece = str | Finished
"""A part of the text as it is being spoken; the last piece is Finished."""


class ConversationPartner(Protocol):
    """A language model; every method raises Unavailable for what passes and PartnerRefused for what does not."""

    def speak(self, question: Question) -> AbstractContextManager[Iterator[Piece]]:
        """Return the answer as it is being spoken; leaving the block early stops the model, and the paying.

        Raises:
            Unavailable: throttled, too slow, or broken off in the middle; what was said so far was given before.
            PartnerRefused: the model does not take this question, or does not serve us.
        """

    def fill(self, question: Question) -> Filled:
        """Return the fields of the question's form, in one call.

        Raises:
            Unavailable: the model does not answer, or answers without the form.
            PartnerRefused: as above.
        """


class PartnerRefused(DomainError):
    """The model does not serve us: permissions or settings are wrong, and trying again does not help."""

    code, status = "PARTNER_REFUSED", 500

    def __init__(self) -> None:
        super().__init__("The AI partner is not available.", "AI 파트너를 이용할 수 없습니다.")


def token_estimate(text: str) -> int:
    """Return about how many tokens a text is: 4 characters of ASCII each, 1 of any other script.

    The rule of thumb that model vendors give for English; a Hangul syllable is between 0.6 and 1.5 of one.
    """
    ascii_characters = sum(one.isascii() for one in text)
    return -(-ascii_characters // 4) + len(text) - ascii_characters


def question_estimate(question: Question) -> int:
    """Return about how many tokens a question and its answer cost at most."""
    return (
        token_estimate(question.system) + sum(token_estimate(one.text) for one in question.said) + question.most_tokens
    )
