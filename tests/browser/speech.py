"""Real speech for the browser's microphone: what the platform's own voice says, as a WAV file."""

import io
import wave
from pathlib import Path

import av
import httpx

from tests.flows.people import Person
from tests.flows.platform import wait_for

RATE = 48_000
SILENCE_SECONDS = 0.5


def write_speech(person: Person, text: str, path: Path) -> Path:
    """Have a text spoken, and write it between two silences; the browser plays the file again and again."""
    asked = {"text": text, "voice": "female"}
    wait_for(lambda: person.ask("POST", "/api/tts", json=asked).status_code == 200, "the voice is made", 60)
    mp3 = httpx.get(person.post("/api/tts", asked)["audioUrl"], trust_env=False).content
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    silence = bytes(2 * int(RATE * SILENCE_SECONDS))
    with av.open(io.BytesIO(mp3)) as sound, wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(silence)
        for frame in sound.decode(audio=0):
            for part in resampler.resample(frame):
                out.writeframes(part.to_ndarray().tobytes())
        out.writeframes(silence * 4)
    return path
