"""What the stand-in needs of an engine: pieces of text, or of a form's JSON, as they come."""

from collections.abc import AsyncGenerator
from typing import NamedTuple, Protocol

from embedded.bedrock.asking import Asked


class ToolCall(NamedTuple):
    """The engine fills a form: every text after this is a piece of the form's JSON."""

    name: str


class Ended(NamedTuple):
    """The engine's own word on its end: Bedrock's stop reason, and the tokens that it counted (0: it did not)."""

    reason: str = "end_turn"
    input_tokens: int = 0
    output_tokens: int = 0


Piece = str | ToolCall | Ended


class Engine(Protocol):
    """Produces answers. Closing the generator early stops it, and its costs."""

    is_paced: bool
    """Whether it speaks at a pace of its own, so that none is put upon it."""

    def answer(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Return the answer's pieces: text; or a ToolCall and then its JSON; at last, where it knows more, Ended.

        Raises:
            Refused: it cannot answer, or broke off.
        """
