"""`python -m bench.practice_sanity`: what the scorer says of cases whose answer is plain, as a table in Markdown.

By the port that the worker uses, on recordings of people. What no recording has is made of them, and said so: a whisper
is a voice whose tone is replaced by noise, two people are two recordings at once, half is the first half of the sound.
"""

import io
import sys
import wave
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from bench.speech_rows import at_16k
from bench.speech_sounds import sounds_without_speech
from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.pronunciation import ModelScorer
from shared.domains.practice.models import Pronunciation, WordStatus, grade_of
from speech.hearing.mel import RATE, Samples
from speech.training.clips import Clip, read_clips
from speech.voice.speaker import Speaker

DATA = Path("../shared/data/speech")
KOREAN = "An nyeong ha se yo. Jeo neun yeong eo reul bae u go it seum ni da. O neul nal ssi ga jo a yo."
ANOTHER = "The vegetables are fresh and the bread is still warm."
_FRAME, _STEP, _SMOOTH = 512, 128, 30
_COUNTED = (WordStatus.MISSED, WordStatus.EXTRA)


class Case(NamedTuple):
    """A recording, the sentence that should be said in it, and the row that it belongs to."""

    row: str
    samples: Samples
    text: str


def main(folder: Path = DATA) -> None:
    """Score every case, and print the table row by row; three minutes of a core."""
    scorer = ModelScorer(AudioGuard())
    print("| what is said | recordings | overall: median (from, to) | grades | words missed, extra | sure | no grade |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row, cases in groupby(_cases(read_clips(folder)), key=lambda case: case.row):
        results = [scorer.score(_wave(case.samples), case.text) for case in cases]
        print(f"| {row} | {' | '.join(_shown(results))} |", flush=True)


def _cases(clips: list[Clip]) -> Iterator[Case]:
    natives = [clip for clip in clips if clip.marks is None]
    learners = [clip for clip in clips if clip.marks is not None]
    yield from (Case("the sentence, natives", one.samples, one.text) for one in natives)
    for name, least, most in (("8 to 10", 8, 10), ("5 to 7", 5, 7), ("below 5", 0, 4)):
        row = f"the sentence, learners whom experts gave {name} of 10"
        yield from (Case(row, one.samples, one.text) for one in learners if least <= one.accuracy <= most)
    yield from (
        Case("half of the sentence, natives", one.samples[: len(one.samples) // 2], one.text) for one in natives
    )
    yield from (
        Case("another sentence, natives", one.samples, other.text)
        for one, other in zip(natives, natives[1:] + natives[:1], strict=True)
    )
    yield from (
        Case("another sentence, learners", one.samples, other.text)
        for one, other in zip(learners, learners[5:] + learners[:5], strict=True)
    )
    yield from _without_the_sentence(natives)
    yield from (Case("whispered, natives", _whispered(one.samples), one.text) for one in natives)
    yield from (
        Case("two people at once, equally loud", _together(one.samples, other.samples), one.text)
        for one, other in zip(natives, natives[3:] + natives[:3], strict=True)
    )


def _without_the_sentence(natives: list[Clip]) -> Iterator[Case]:
    sounds, text = sounds_without_speech(), natives[0].text
    rows = {
        "silence": ["silence", "half a second of silence"],
        "noise": ["white noise", "brown noise", "typing"],
        "music": ["a melody", "a melody with chords", "drums"],
    }
    for row, names in rows.items():
        yield from (Case(row, sounds[name], text) for name in names)
    breaths = [breath.samples for breath in Speaker().say(KOREAN)]
    yield Case("Korean, as our English voice reads it", at_16k(np.concatenate(breaths)), ANOTHER)


def _whispered(samples: Samples) -> Samples:
    """Return a voice whose tone is noise: each moment's spectrum is smoothed, and filled with noise."""
    chance, voice = np.random.default_rng(0), samples.astype(np.float64)
    window, out = np.hanning(_FRAME), np.zeros(len(voice) + _FRAME)
    for start in range(0, len(voice) - _FRAME, _STEP):
        spectrum = np.abs(np.fft.rfft(voice[start : start + _FRAME] * window)) + 1e-3
        cepstrum = np.fft.irfft(np.log(spectrum))
        cepstrum[_SMOOTH:-_SMOOTH] = 0
        envelope = np.exp(np.fft.rfft(cepstrum).real)
        noise = np.fft.rfft(chance.normal(0, 1, _FRAME) * window)
        out[start : start + _FRAME] += np.fft.irfft(envelope * noise / np.sqrt((np.abs(noise) ** 2).mean())) * window
    quieter = 0.3 * np.sqrt((voice**2).mean() / max(1e-9, (out**2).mean()))
    return np.asarray(np.clip(out[: len(voice)] * quieter, -32768, 32767), np.int16)


def _together(first: Samples, second: Samples) -> Samples:
    """Return both at once, as long as the first; the second is made as loud as it."""
    other = np.resize(second, len(first)).astype(np.float64)
    one = first.astype(np.float64)
    loud = np.sqrt((one**2).mean() / max(1.0, (other**2).mean()))
    return np.asarray(np.clip(0.7 * (one + loud * other), -32768, 32767), np.int16)


def _wave(samples: Samples) -> bytes:
    """Return samples as a WAV file."""
    sink = io.BytesIO()
    with wave.open(sink, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return sink.getvalue()


def _shown(results: list[Pronunciation]) -> list[str]:
    overall = [one.overall for one in results]
    graded = [one for one in results if one.is_graded]
    grades = [grade_of(one.overall).value for one in graded]
    why = [str(one.unheard.value) for one in results if one.unheard is not None]
    counts = [sum(word.status is kind for one in results for word in one.words) for kind in _COUNTED]
    return [
        str(len(results)),
        f"{median(overall):.1f} ({min(overall):.1f}, {max(overall):.1f})",
        " ".join(f"{grade}×{grades.count(grade)}" for grade in sorted(set(grades))) or "–",
        f"{counts[0]}, {counts[1]}",
        f"{median(one.confidence for one in results):.2f}",
        " ".join(f"{reason}×{why.count(reason)}" for reason in sorted(set(why))) or "–",
    ]


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
