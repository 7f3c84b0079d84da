"""Speaking: whether it is heard again, how high it is, and whether words are where the marks say."""

import time

import numpy as np

from bench.speech_rows import Bench, Row, row, word_error_rate
from speech.hearing.mel import RATE, Samples
from speech.phones.text import spoken_words
from speech.voice.speaker import RATE as VOICE_RATE

SENTENCES = (
    "Good morning, how are you today?",
    "I would like a cup of coffee with milk, please.",
    "Could you tell me how to get to the train station?",
    "What do you usually do on weekends?",
    "I have been studying English for three years.",
    "My favorite food is fried rice with vegetables.",
    "Let's talk about your last vacation.",
    "She works at a hospital near the river.",
    "I think the weather will be better tomorrow.",
    "Can you repeat that more slowly, please?",
    "We should finish the report before Friday.",
    "The meeting starts at half past nine.",
    "I'm sorry, I didn't catch your name.",
    "He bought a new phone because the old one was broken.",
    "Thirty thousand people visited the museum last month.",
    "Would you rather live in a big city or a small village?",
    "I really enjoyed the movie that we watched yesterday.",
    "Please turn left at the second traffic light.",
    "How long does it take to get to the airport?",
    "Their children are playing soccer in the park.",
)
DIFFICULT = {
    "Dr. Smith paid $3.50 on 2/3 at 9:30am.": "Doctor Smith paid $3 and 50 cents on February third at 9:30 a.m.",
    "On St. James St. it was cold.": "On Saint James Street it was cold.",
    "The 21st of March, 1999: 50% of 1,250 people left.": "The twenty-first of March, 1999, 50% of 1,250 people left.",
    "Mr. and Mrs. O'Neill live at 22 Baker St.": "Mr. and Mrs. O'Neill live at 22 Baker Street.",
    "Call me at 555-0134, please!": "Call me at five five five zero one three four, please.",
    "She ran 3.5 km in 12 min.": "She ran 3.5 kilometers in 12 minutes.",
    "NASA and the FBI hired him in 2024.": "NASA and the FBI hired him in 2024.",
    "They read 1/2 of the book; Chapter IV was long.": "They read one half of the book. Chapter four was long.",
    "It costs £20 or $1,000.": "It costs 20 pounds or 1,000 dollars.",
    "Is it 10°C or 50°F?": "Is it 10 degrees Celsius or 50 degrees Fahrenheit?",
}
"""As they are written, and as an American says them."""
VOICES = {"Joanna": False, "Matthew": True}
"""By name: whether the voice is lowered."""
_FRAME_SECONDS = 0.01
_NEAR_SECONDS = 0.15


def speaking_rows(bench: Bench) -> list[Row]:
    """Return how the voices do, and what speaking costs."""
    bench.said(SENTENCES[0], low=False)
    rows = [row("speaking: processor seconds a second", _cost(bench), "{:.3f}", ("≤", 0.05))]
    for name, low in VOICES.items():
        sounds = [bench.said(text, low=low)[0] for text in SENTENCES]
        pairs = [(spoken_words(text), bench.heard(sound)) for text, sound in zip(SENTENCES, sounds, strict=True)]
        rows.append(row(f"{name}, heard back: words wrong, %", word_error_rate(pairs), "{:.1f}", ("≤", 2)))
        rows.append(_pitch_row(name, float(np.median([pitch(sound) for sound in sounds])), low=low))
    distances = np.concatenate([_distances(bench, text, low) for text in SENTENCES for low in VOICES.values()])
    near = 100 * float((distances <= _NEAR_SECONDS).mean())
    rows.append(row("word marks within 150 ms of the aligner's, %", near, "{:.0f}", ("≥", 90)))
    right = sum(
        bench.heard(bench.said(text, low=low)[0]) == spoken_words(read)
        for text, read in DIFFICULT.items()
        for low in VOICES.values()
    )
    rows.append(row("ten difficult sentences by two voices, heard as they are read (of 20)", right, "{:.0f}"))
    return rows


def _cost(bench: Bench) -> float:
    begun = time.process_time()
    said = [breath for text in SENTENCES for low in VOICES.values() for breath in bench.speaker.say(text, low=low)]
    return (time.process_time() - begun) / (sum(len(breath.samples) for breath in said) / VOICE_RATE)


def _pitch_row(name: str, hertz: float, *, low: bool) -> Row:
    is_kept = 110 <= hertz <= 150 if low else None
    return Row(f"{name}'s pitch, median, Hz", hertz, f"{hertz:.0f}", "110 to 150" if low else "", is_kept)


def pitch(samples: Samples) -> float:
    """Return the median over voiced windows of 40 ms of how often a second the wave repeats itself, in hertz."""
    size, step, found = int(0.04 * RATE), RATE // 100, []
    for start in range(0, len(samples) - size, step):
        window = samples[start : start + size].astype(np.float64)
        window -= window.mean()
        if (window**2).mean() < 2e5:
            continue
        alike = np.correlate(window, window, "full")[size - 1 :]
        lag = RATE // 350 + int(alike[RATE // 350 : RATE // 70].argmax())
        if alike[lag] > alike[0] / 2:
            found.append(RATE / lag)
    return float(np.median(found)) if found else 0.0


def _distances(bench: Bench, text: str, low: bool) -> np.ndarray:
    """Return how far each mark is from where the aligner finds the word, in seconds."""
    sound, marks = bench.said(text, low=low)
    alignment = bench.witnesses.aligned(sound, spoken_words(text))
    words = [word for word in alignment.words if not word.is_silence] if alignment else []
    if len(words) != len(marks):
        return np.zeros(0)
    pairs = zip(marks, words, strict=True)
    return np.array([abs(mark.milliseconds / 1000 - word.start * _FRAME_SECONDS) for mark, word in pairs])
