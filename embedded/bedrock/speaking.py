"""An answer as it is being spoken: cut to the tokens that it may take, ended by stop sequences, paced."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple

from embedded.bedrock.asking import Asked
from embedded.bedrock.engine import Ended, Engine, ToolCall
from embedded.bedrock.pace import Pace
from embedded.bedrock.tokens import tokens_of

_ALL = 1_000_000


class Chunk(NamedTuple):
    """Some of the answer, and how many tokens were spoken when it is."""

    text: str
    tokens: int


@dataclass
class Outcome:
    """How an answer ends, as known by now."""

    input_tokens: int
    output_tokens: int = 0
    reason: str = "end_turn"
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    @property
    def usage(self) -> dict[str, int]:
        """Return Bedrock's TokenUsage."""
        total = self.input_tokens + self.output_tokens
        return {"inputTokens": self.input_tokens, "outputTokens": self.output_tokens, "totalTokens": total}

    @property
    def milliseconds(self) -> int:
        """Return how long it has taken."""
        return round((asyncio.get_running_loop().time() - self.began) * 1000)

    def note(self, ended: Ended) -> None:
        """Believe the engine about its end and its own counts."""
        self.reason = ended.reason
        self.input_tokens = ended.input_tokens or self.input_tokens
        self.output_tokens = ended.output_tokens or self.output_tokens


async def spoken(engine: Engine, asked: Asked, pace: Pace, outcome: Outcome) -> AsyncGenerator[str | ToolCall, None]:
    """Give the answer's parts at their time; the outcome is right when they end.

    The engine is closed when it has said enough, and when this generator is closed.
    """
    cut = _Cut(asked, outcome, _ALL if engine.is_paced else pace.tokens_at_once)
    due = Pace() if engine.is_paced else pace
    ended: Ended | None = None
    async with aclosing(engine.answer(asked)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Ended):
                ended = piece
            elif isinstance(piece, ToolCall):
                outcome.reason = "tool_use"
                await due.until(outcome.began, 1)
                yield piece
            else:
                for chunk in cut.take(piece):
                    await due.until(outcome.began, chunk.tokens)
                    yield chunk.text
            if cut.is_over:
                return
    for chunk in cut.rest():
        await due.until(outcome.began, chunk.tokens)
        yield chunk.text
    if ended and not cut.is_over:
        outcome.note(ended)


class _Cut:
    """Gives out text in chunks of tokens until it has to stop."""

    def __init__(self, asked: Asked, outcome: Outcome, at_once: int) -> None:
        self._stops = asked.stop_sequences
        self._most = asked.most_tokens
        self._outcome = outcome
        self._at_once = at_once
        self._held = ""
        self.is_over = False

    def take(self, piece: str) -> Iterator[Chunk]:
        """Give what may be said by now; what might begin a stop sequence is held back."""
        self._held += piece
        found = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if found:
            self._held = self._held[: min(found)]
            yield from self._release(0)
            self._end("stop_sequence")
        else:
            yield from self._release(max(map(len, self._stops), default=1) - 1)

    def rest(self) -> Iterator[Chunk]:
        """Give what was held back, once no more comes."""
        return self._release(0)

    def _release(self, kept: int) -> Iterator[Chunk]:
        ready, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        tokens = tokens_of(ready)
        room = self._most - self._outcome.output_tokens
        for at in range(0, min(len(tokens), room), self._at_once):
            part = tokens[at : min(at + self._at_once, room)]
            self._outcome.output_tokens += len(part)
            yield Chunk("".join(part), self._outcome.output_tokens)
        if len(tokens) > room:
            self._end("max_tokens")

    def _end(self, reason: str) -> None:
        if not self.is_over:
            self._outcome.reason, self.is_over = reason, True
