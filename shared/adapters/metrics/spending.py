"""What external services are asked for, in their own units and in money."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.domains.voice.models import Manner, Spoken
from shared.domains.voice.ports import Hearing, Speaker
from shared.kernel.isolation import on_fault
from shared.kernel.logs import get_log
from shared.kernel.partner import ConversationPartner, Filled, Finished, Piece, Question, Usage
from shared.kernel.ports import Metrics, Transcriber
from shared.kernel.recordings import Heard, Partial
from shared.kernel.tracing import Kind, traced

MILLION = 1_000_000
CALLS_A_TEXT = 2
"""Polly is asked for the audio and for the times of the words, and is paid for both."""

log = get_log()


@dataclass(frozen=True)
class Prices:
    """USD a million input tokens, output tokens and characters, and a minute of a recording."""

    input_tokens: float
    output_tokens: float
    characters: float
    heard_minute: float


@contextmanager
def called(service: str) -> Iterator[None]:
    """Tell of a call to an external service: a span, and a line of the log with its end."""
    began = time.monotonic()
    outcomes = ["ok"]
    try:
        with on_fault(lambda fault: outcomes.append(type(fault).__name__)), traced(service, Kind.CLIENT):
            yield
    finally:
        log.info(
            "external.called",
            service=service,
            took_ms=round((time.monotonic() - began) * 1000, 1),
            outcome=outcomes[-1],
        )


class MeasuredPartner:
    """The port ConversationPartner over another, whose tokens are counted as the model tells them."""

    def __init__(self, partner: ConversationPartner, metrics: Metrics, prices: Prices) -> None:
        """Ask another partner."""
        self._partner, self._metrics, self._prices = partner, metrics, prices

    @contextmanager
    def speak(self, question: Question) -> Iterator[Iterator[Piece]]:
        """Return the answer as it is being spoken."""
        with called("bedrock"), self._partner.speak(question) as pieces:
            yield self._counted(pieces)

    def fill(self, question: Question) -> Filled:
        """Return the fields of the question's form."""
        with called("bedrock"):
            found = self._partner.fill(question)
        self._count(found.usage)
        return found

    def _counted(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            if isinstance(piece, Finished):
                self._count(piece.usage)
            yield piece

    def _count(self, usage: Usage) -> None:
        self._metrics.count("model_tokens", usage.input_tokens, direction="input")
        self._metrics.count("model_tokens", usage.output_tokens, direction="output")
        prices = self._prices
        cost = (usage.input_tokens * prices.input_tokens + usage.output_tokens * prices.output_tokens) / MILLION
        self._metrics.count("cost_dollars", cost, service="bedrock")


class MeasuredSpeaker:
    """The port Speaker over another, whose characters are counted."""

    def __init__(self, speaker: Speaker, metrics: Metrics, prices: Prices) -> None:
        """Ask another speaker."""
        self._speaker, self._metrics, self._prices = speaker, metrics, prices

    def speak(self, text: str, manner: Manner, *, heard: Hearing | None = None) -> Spoken:
        """Return a text as MP3."""
        with called("polly"):
            spoken = self._speaker.speak(text, manner, heard=heard)
        characters = CALLS_A_TEXT * len(text)
        self._metrics.count("spoken_characters", characters)
        self._metrics.count("cost_dollars", characters * self._prices.characters / MILLION, service="polly")
        return spoken


class MeasuredTranscriber:
    """The port Transcriber over another, whose seconds are counted."""

    def __init__(self, transcriber: Transcriber, metrics: Metrics, prices: Prices) -> None:
        """Ask another transcriber."""
        self._transcriber, self._metrics, self._prices = transcriber, metrics, prices

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        """Return what is said in a recording."""
        with called("transcribe"):
            heard = self._transcriber.hear(key, partial=partial)
        self._metrics.count("heard_seconds", heard.seconds)
        self._metrics.count("cost_dollars", heard.seconds / 60 * self._prices.heard_minute, service="transcribe")
        return heard
