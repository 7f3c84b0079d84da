"""The process that speaks: `python -m embedded.polly.speaking`, one line of JSON a request on standard input.

It answers with a line of JSON, `{"size", "words"}` or `{"refused"}`, and then so many bytes. It is a program of its own
since its engine is under another licence, keeps global state, and could crash.
"""

import json
import signal
import sys
from functools import lru_cache
from typing import Any, BinaryIO

from embedded.polly.espeak import Espeak, Said
from embedded.polly.sound import mp3, pcm

_ENCODERS = {"mp3": mp3, "pcm": pcm}


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's, which closes standard input
    engine, answers = Espeak(), sys.stdout.buffer
    for line in sys.stdin.buffer:
        _answer(engine, json.loads(line), answers)
        answers.flush()


@lru_cache(maxsize=8)
def _said(engine: Espeak, text: str, voice: str, words_per_minute: int) -> Said:
    """Speak, or return what was just spoken: whoever wants audio and marks asks twice."""
    return engine.say(text, voice, words_per_minute)


def _answer(engine: Espeak, request: dict[str, Any], answers: BinaryIO) -> None:
    try:
        said = _said(engine, request["text"], request["voice"], request["wordsPerMinute"])
    except ValueError as refusal:
        _write(answers, {"refused": str(refusal)}, b"")
        return
    encode = _ENCODERS.get(request["format"])
    content = encode(said.samples, engine.sample_rate, request["sampleRate"]) if encode else b""
    _write(answers, {"size": len(content), "words": said.words}, content)


def _write(answers: BinaryIO, head: dict[str, Any], content: bytes) -> None:
    answers.write(json.dumps(head).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
