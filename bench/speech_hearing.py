"""Hearing: natives, learners, sounds that are no speech, and answers of one word."""

import time

from bench.speech_rows import Bench, Row, row, word_error_rate
from bench.speech_sounds import sounds_without_speech
from speech.hearing.mel import RATE
from speech.phones.text import spoken_words

GOOD_LEARNER = 7
_WORDS = (
    "yes no maybe okay sure thanks please sorry hello goodbye coffee water tea breakfast monday friday seven eleven "
    "thirty blue green never always sometimes tomorrow yesterday english korea music movies reading cooking swimming "
    "teacher student fine"
)
ANSWERS = _WORDS.split()


def hearing_rows(bench: Bench) -> list[Row]:
    """Return what is heard, and what hearing costs."""
    seconds = sum(len(clip.samples) for clip in bench.clips) / RATE
    bench.witnesses.ear.hear(bench.clips[0].samples)  # so that nothing is loaded while the clock runs
    begun = time.process_time()
    pairs = {clip.id: (spoken_words(clip.text), bench.heard(clip.samples)) for clip in bench.clips}
    cost = (time.process_time() - begun) / seconds
    of_natives = [pairs[clip.id] for clip in bench.natives]
    of_good = [pairs[clip.id] for clip in bench.learners if clip.accuracy >= GOOD_LEARNER]
    silent = [not bench.heard(samples) for samples in sounds_without_speech().values()]
    answers = [_is_right(bench, word, low) for word in ANSWERS for low in (False, True)]
    good, every = f"{len(of_good)} clips", [pairs[clip.id] for clip in bench.learners]
    return [
        row("natives: words wrong, % (14 clips)", word_error_rate(of_natives), "{:.1f}", ("≤", 5)),
        row(f"learners marked 7 to 10: words wrong, % ({good})", word_error_rate(of_good), "{:.1f}", ("≤", 25)),
        row(f"all learners: words wrong, % ({len(every)} clips)", word_error_rate(every), "{:.1f}"),
        row(f"sounds without speech that give nothing (of {len(silent)})", sum(silent), "{:.0f}", ("≥", len(silent))),
        row(f"answers of one word heard right (of {len(answers)})", sum(answers), "{:.0f}", ("≥", 65)),
        row("hearing: processor seconds a second", cost, "{:.3f}", ("≤", 0.1)),
    ]


def _is_right(bench: Bench, word: str, low: bool) -> bool:
    return bench.heard(bench.said(f"{word.capitalize()}.", low=low)[0]) == [word]
