"""The stand-in's guardrail: where a call names one, a listed word in what the user says stops the model."""

import re
from collections.abc import AsyncGenerator

from embedded.bedrock.asking import Asked
from embedded.bedrock.engine import Ended, Piece

BLOCKED = "Sorry, the model cannot answer this question."
"""What the console offers as the message of a new guardrail."""


class Guarded:
    """An engine that says only the guardrail's own sentence."""

    is_paced = False

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE) if words else None

    def stops(self, asked: Asked) -> bool:
        """Tell whether a call names a guardrail, and its last message has a word that is not let through."""
        return bool(asked.is_guarded and self._words and self._words.search(asked.last))

    async def answer(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Say it."""
        yield BLOCKED
        yield Ended("guardrail_intervened")
