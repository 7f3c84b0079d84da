"""Amazon Bedrock as the ConversationPartner."""

import random
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

from shared.adapters.aws.bedrock_errors import answered
from shared.adapters.aws.bedrock_stream import SILENCE_SECONDS, SpokenAnswer
from shared.adapters.aws.bedrock_wording import asked, filled, guarded_by
from shared.adapters.deadlines import call_seconds
from shared.kernel.errors import Unavailable
from shared.kernel.partner import Filled, Piece, Question
from shared.kernel.slots import Slots

READ_SECONDS = SILENCE_SECONDS
"""The read time-out of a client that speaks: until the first words, and from then on between any two."""
FORM_SECONDS = 30.0
"""The read time-out of a client that fills in forms, which come as a whole: 1,200 tokens at 40 a second."""
MOST_SECONDS = 42.0
"""An answer with all its tries: less than the lease of a place (redis_slots.LEASE_SECONDS)."""
TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 3.0


class BedrockPartner:
    """The port ConversationPartner. At most so many answers at once over all workers, by the slots.

    What passes is tried three times in all, with full jitter, within one budget of 42 s that the job's deadline
    shortens: before the stream and in it, as long as nothing was said. The clients must not try by themselves.
    """

    def __init__(
        self, client: Any, slots: Slots, *, model_id: str, guardrail: str | None = None, form_client: Any = None
    ) -> None:
        """Use boto3 clients of bedrock-runtime, which are thread-safe; forms may have one of more patience."""
        self._client, self._form_client, self._slots = client, form_client or client, slots
        self._model_id = model_id
        self._guardrail = guarded_by(guardrail)

    @contextmanager
    def speak(self, question: Question) -> Iterator[Iterator[Piece]]:
        """Return the answer as it is being spoken; closing it early hangs up, which ends the cost."""
        with self._slots.taking(), closing(self._pieces(question)) as pieces:
            yield pieces

    def fill(self, question: Question) -> Filled:
        """Return the fields of the question's form; an answer without it was paid for, and is not asked for again."""
        request = asked(question, self._model_id)
        if self._guardrail:
            request["guardrailConfig"] = self._guardrail
        with self._slots.taking():
            return filled(self._converse(request, _Tries(FORM_SECONDS)), question)

    def _converse(self, request: dict[str, Any], tries: "_Tries") -> dict[str, Any]:
        while True:
            try:
                with answered():
                    answer: dict[str, Any] = self._form_client.converse(**request)
                return answer
            except Unavailable as problem:
                tries.count(problem)

    def _pieces(self, question: Question) -> Generator[Piece]:
        tries, has_spoken = _Tries(READ_SECONDS), False
        while True:
            try:
                for piece in self._said_once(question, tries):
                    has_spoken = True
                    yield piece
                return
            except Unavailable as problem:
                if has_spoken:
                    raise
                tries.count(problem)

    def _said_once(self, question: Question, tries: "_Tries") -> Iterator[Piece]:
        request = asked(question, self._model_id)
        if self._guardrail:  # `sync`: nothing is heard that the guardrail has not passed
            request["guardrailConfig"] = self._guardrail | {"streamProcessingMode": "sync"}
        with answered():
            stream = self._client.converse_stream(**request)["stream"]
        with closing(SpokenAnswer(stream, question, end=tries.end)) as answer:
            yield from answer.pieces()


class _Tries:
    """The tries of one question; `end` is the monotonic time at which the last of them is over.

    Another try is made only where it has time to wait as long as its client does.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.end = time.monotonic() + call_seconds(MOST_SECONDS)
        self._made = 0

    def count(self, problem: Unavailable) -> None:
        """Note a try that failed, and wait before the next; raise the problem where there is none, or no time."""
        self._made += 1
        pause = random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._made - 1)))
        if self._made >= TRIES or time.monotonic() + pause + self._patience > self.end:
            raise problem
        time.sleep(pause)
