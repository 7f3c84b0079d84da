"""Sounds that are no speech, always the same: what a microphone picks up when nobody speaks."""

import numpy as np
from numpy.typing import NDArray

from speech.hearing.mel import RATE, Samples

_SECONDS = 3
_NOTES = (262, 330, 392, 523, 392, 330)

Wave = NDArray[np.float64]


def sounds_without_speech() -> dict[str, Samples]:
    """Return sixteen sounds by name."""
    chance, time = np.random.default_rng(0), np.arange(_SECONDS * RATE) / RATE
    found = _noises(chance, time) | _tones(time) | _beats(chance, time)
    found["half a second of silence"] = np.zeros(RATE // 2)
    found["a tenth of a second of noise"] = chance.normal(0, 2000, RATE // 10)
    found["30 s of a quiet room"] = chance.normal(0, 8, 30 * RATE)
    found["20 s of white noise"] = chance.normal(0, 2000, 20 * RATE)
    return {name: np.clip(wave, -32768, 32767).astype(np.int16) for name, wave in found.items()}


def _noises(chance: np.random.Generator, time: Wave) -> dict[str, Wave]:
    size = len(time)
    brown = np.cumsum(chance.normal(0, 60, size))
    return {
        "silence": np.zeros(size),
        "hiss at -56 dB": chance.normal(0, 50, size),
        "white noise": chance.normal(0, 3000, size),
        "brown noise": (brown - brown.mean()) / 2,
        "breath": chance.normal(0, 900, size) * np.sin(2 * np.pi * 0.4 * time) ** 2,
    }


def _tones(time: Wave) -> dict[str, Wave]:
    notes = np.array([_NOTES[int(at / 0.5) % len(_NOTES)] for at in time])
    fading = np.exp(-6 * (time % 0.5))
    melody = 7000 * fading * sum(np.sin(2 * np.pi * part * notes * time) / part for part in (1, 2, 3))
    chord = sum(level * np.sin(2 * np.pi * pitch * time) for level, pitch in ((2500, 131), (2500, 165), (2000, 196)))
    return {
        "a tone of 440 Hz": 8000 * np.sin(2 * np.pi * 440 * time),
        "mains hum": np.sum([4000 / part * np.sin(2 * np.pi * 50 * part * time) for part in range(1, 8)], 0),
        "a melody": melody,
        "a melody with chords": 0.7 * melody + chord,
    }


def _beats(chance: np.random.Generator, time: Wave) -> dict[str, Wave]:
    size = len(time)
    drums = chance.normal(0, 12000, size) * np.exp(-25 * (time % 0.4))
    burst = np.zeros(size)
    burst[20_000:23_200] = np.sign(chance.normal(0, 1, 3200)) * 32_000
    typing = np.where(np.arange(size) % 3000 < 60, chance.normal(0, 9000, size), chance.normal(0, 30, size))
    return {
        "drums": drums + 9000 * np.sin(2 * np.pi * 60 * time) * np.exp(-12 * (time % 0.8)),
        "a burst that clips": burst,
        "typing": typing,
    }
