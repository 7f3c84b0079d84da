"""The process that hears: `python -m embedded.transcribe.hearing`.

A request on standard input is a line of JSON, `{"size", "format", "hurried"}`, and so many bytes; the answer is a line
of JSON, `{"words", "speech", "seconds"}` or `{"unheard": reason}`. Format "pcm" is signed 16-bit samples of one
channel at 16 kHz, not decoded at all. It is a program of its own since its decoder is under another licence, and since
decoder and models could crash.
"""

import json
import signal
import sys
from typing import Any

import numpy as np

from embedded.transcribe.sound import RATE, Unheard, samples_of
from speech.hearing.ear import Ear
from speech.hearing.whisper import BEAM
from speech.model_files import ModelChanged, ModelMissing

MISSING = 3
"""The exit status where the models are not there."""
PCM = "pcm"


def main() -> int:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's, which closes standard input
    try:
        ear = Ear()
    except (ModelMissing, ModelChanged) as problem:
        _write({"missing": str(problem)})
        return MISSING
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.loads(line)
        _write(_heard(ear, sys.stdin.buffer.read(asked["size"]), asked))
    return 0


def _heard(ear: Ear, content: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        samples = content if asked["format"] == PCM else samples_of(content, asked["format"])
    except Unheard as refusal:
        return {"unheard": str(refusal)}
    sound = np.frombuffer(samples[: len(samples) // 2 * 2], "<i2").astype(np.int16)
    heard = ear.hear(sound, beam=1 if asked.get("hurried") else BEAM)
    spans = [(span.start / RATE, span.end / RATE) for span in heard.spans]
    words = [(one.text, round(one.start, 3), round(one.end, 3), round(one.probability, 4)) for one in heard.words]
    return {"words": words, "speech": spans, "seconds": len(sound) / RATE}


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
