"""Reading an answer of Amazon Bedrock while the model speaks, with an end to every wait."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from botocore.compat import set_socket_timeout

from shared.adapters.aws.bedrock_errors import answered
from shared.adapters.aws.bedrock_wording import ENDINGS, estimated, text_of, usage_of
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.partner import Ending, Finished, Piece, Question, Usage

SILENCE_SECONDS = 20.0
"""Seconds of silence after which a model counts as stuck."""
LAST_SECONDS = 2.0
"""For the count of tokens, which follows the end at once; the answer is not held up by a count that is missing."""
CLOSING_SECONDS = 0.2
"""For the end of the body, which makes the connection fit for the next question."""


class SpokenAnswer:
    """One answer; `end` is the monotonic time at which it is broken off. For one thread, read once."""

    def __init__(self, stream: Any, question: Question, *, end: float) -> None:
        """Take botocore's event stream; nothing is read yet."""
        self._stream, self._events = stream, iter(stream)
        self._question, self._end = question, end
        self._characters = 0

    def close(self) -> None:
        """Hang up, wherever it is: the model stops, and is paid no more. Again changes nothing."""
        self._stream.close()

    def pieces(self) -> Iterator[Piece]:
        """Yield what is said, as it comes, and then how it ended.

        Raises:
            Unavailable: it broke off, fell silent, took too long, or came to its end without a word.
            PartnerRefused: the model finds the question invalid after all.
        """
        ending = None
        while ending is None:
            event = self._next(SILENCE_SECONDS)
            if text := text_of(event):
                self._characters += len(text)
                yield text
            ending = _ending_of(event)
        if not self._characters and ending is not Ending.GUARDED:
            raise Unavailable("The AI partner said nothing.", "AI 파트너가 응답하지 않았습니다.")
        yield Finished(ending, self._count())
        self._let_end()

    def _next(self, patience: float) -> dict[str, Any]:
        left = min(patience, self._end - time.monotonic())
        if left <= 0:
            raise Unavailable("The AI partner takes too long.", "AI 파트너의 응답이 너무 오래 걸립니다.")
        self._wait_at_most(left)
        with answered():
            event: dict[str, Any] | None = next(self._events, None)
        if event is None:
            raise Unavailable("The AI partner broke off.", "AI 파트너의 응답이 끊겼습니다.")
        return event

    def _count(self) -> Usage:
        """Return the tokens as they were counted, about as many where that never came."""
        self._end = min(self._end, time.monotonic() + LAST_SECONDS)
        with suppress(DomainError):  # the answer itself is whole
            event = self._next(LAST_SECONDS)
            while "metadata" not in event:
                event = self._next(LAST_SECONDS)
            return usage_of(event["metadata"].get("usage")) or estimated(self._question, self._characters)
        return estimated(self._question, self._characters)

    def _let_end(self) -> None:
        with suppress(DomainError):  # it has ended, or it is closed, and the next question opens another connection
            self._next(CLOSING_SECONDS)

    def _wait_at_most(self, seconds: float) -> None:
        """Bound each read: botocore offers it for plain bodies only. Without it the client's own time-out holds."""
        with suppress(AttributeError):  # the whole body is here already
            set_socket_timeout(self._stream._raw_stream, seconds)


def _ending_of(event: dict[str, Any]) -> Ending | None:
    if "messageStop" not in event:
        return None
    return ENDINGS.get(str(event["messageStop"].get("stopReason")), Ending.DONE)
