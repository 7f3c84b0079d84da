"""The process that hears: `python -m embedded.transcribe.hearing`.

A request on standard input is a line of JSON, `{"size", "format"}`, and so many bytes; the answer is a line of JSON,
`{"words", "seconds"}` or `{"unheard": reason}`. It is a program of its own since its decoder is under another licence,
and since both could crash.
"""

import json
import signal
import sys
from typing import Any

from embedded.transcribe.recogniser import Recogniser
from embedded.transcribe.sound import RATE, Unheard, samples_of


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's, which closes standard input
    recogniser = Recogniser()
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.loads(line)
        answer = _heard(recogniser, sys.stdin.buffer.read(asked["size"]), asked["format"])
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _heard(recogniser: Recogniser, content: bytes, media_format: str) -> dict[str, Any]:
    try:
        samples = samples_of(content, media_format)
    except Unheard as refusal:
        return {"unheard": str(refusal)}
    return {"words": recogniser.words(samples), "seconds": len(samples) / (2 * RATE)}


if __name__ == "__main__":
    main()
