"""The process that speaks: `python -m embedded.polly.speaking`, one line of JSON a request on standard input.

It answers with pieces as they are spoken, each a line of JSON, `{"size", "words"}`, and so many bytes, and then with
`{"end": true}`; or with `{"refused"}`. It is a program of its own since its models are large and could crash, and since
LAME is under another licence (docs/decisions/0007-copyleft-speech.md).
"""

import json
import signal
import sys
from collections import OrderedDict
from typing import Any, BinaryIO

import numpy as np

from embedded.polly.sound import Silent, encoder_of
from speech.model_files import ModelChanged, ModelMissing
from speech.voice.speaker import RATE, SaidWord, Speaker

REMEMBERED = 64
"""Texts for which marks are kept: a client that wants audio and marks asks twice."""
MISSING = 3
"""The exit status where the models are not there."""

_Key = tuple[str, bool, float]


class Mouth:
    """Says texts, and remembers when their words were said."""

    def __init__(self, speaker: Speaker) -> None:
        """Speak by a model."""
        self._speaker = speaker
        self._words: OrderedDict[_Key, list[SaidWord]] = OrderedDict()

    def answer(self, request: dict[str, Any], answers: BinaryIO) -> None:
        """Write the pieces of one text."""
        key = (request["text"], request["low"], request["speed"])
        encoder = encoder_of(request["format"], RATE, request["sampleRate"])
        known = self._words.get(key) if isinstance(encoder, Silent) else None
        if known is not None:
            _write(answers, b"", known)
        else:
            self._remember(key, self._spoken(key, encoder, answers))
        _write(answers, encoder.flush(), [])
        answers.write(b'{"end": true}\n')
        answers.flush()

    def _spoken(self, key: _Key, encoder: Any, answers: BinaryIO) -> list[SaidWord]:
        text, low, speed = key
        words: list[SaidWord] = []
        for breath in self._speaker.say(text, speed=speed, low=low):
            _write(answers, encoder.encode(breath.samples), breath.words)
            words += breath.words
        if not words:  # nothing in it has a sound: a moment of silence is a whole file too
            _write(answers, encoder.encode(np.zeros(RATE // 4, np.int16)), [])
        return words

    def _remember(self, key: _Key, words: list[SaidWord]) -> None:
        self._words[key] = words
        while len(self._words) > REMEMBERED:
            self._words.popitem(last=False)


def main() -> int:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's, which closes standard input
    try:
        mouth = Mouth(Speaker())
    except (ModelMissing, ModelChanged) as problem:
        sys.stdout.write(json.dumps({"missing": str(problem)}) + "\n")
        return MISSING
    for line in sys.stdin.buffer:
        mouth.answer(json.loads(line), sys.stdout.buffer)
    return 0


def _write(answers: BinaryIO, content: bytes, words: list[SaidWord]) -> None:
    answers.write(json.dumps({"size": len(content), "words": words}).encode() + b"\n" + content)
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
