"""Models, loaded once a process of tests, and recordings that the voice says."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from speech.hearing.mel import Samples
from speech.scoring.scorer import Scorer
from speech.voice.speaker import RATE, Speaker

Say = Callable[..., Samples]


@pytest.fixture(scope="package")
def speaker() -> Speaker:
    return Speaker()


@pytest.fixture(scope="package")
def scorer() -> Scorer:
    return Scorer()


@pytest.fixture(scope="package")
def say(speaker: Speaker) -> Say:
    """Says a text, at 16 kHz."""

    @cache
    def said(text: str, *, low: bool = False, speed: float = 1.0) -> Samples:
        whole = np.concatenate([breath.samples for breath in speaker.say(text, low=low, speed=speed)])
        places = np.arange(int(len(whole) * 16_000 / RATE)) * RATE / 16_000
        return np.interp(places, np.arange(len(whole)), whole).astype(np.int16)

    return said
