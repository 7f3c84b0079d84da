"""What three models say of a sentence in a recording: Whisper of its words, the phone model of its sounds, the aligner.

Whisper repairs what is badly said, so it never scores alone: it says what it heard, and how likely the words of the
sentence are to it. The phone model hears no words at all.
"""

from typing import NamedTuple

import numpy as np

from speech.hearing.ear import Ear, Hearing
from speech.hearing.mel import RATE, Samples
from speech.phones.alignment import Aligner, Alignment
from speech.phones.arpabet import INDEX
from speech.phones.ctc import Labels, Sequence, log_likelihood
from speech.phones.lexicon import Lexicon
from speech.phones.posteriors import Logs, PhoneModel, log_sum
from speech.phones.text import spoken_words
from speech.scoring.matching import Match, matched


class Heard(NamedTuple):
    """A word that was heard, in lower case and without punctuation, its times in seconds, and its probability."""

    word: str
    start: float
    end: float
    probability: float


class Candidate(NamedTuple):
    """A heard word that is not the sentence's at its place: `wanted` is the word there, `gap` where it was added.

    `add` is what adding its sounds there does to the likelihood of the recording, `swap` what they do in place of the
    word's own (None where there is none), in nats; `phones` is how many sounds it has.
    """

    heard: int
    wanted: int | None
    gap: int
    distance: float
    add: float
    swap: float | None
    phones: int


class Evidence(NamedTuple):
    """What is known of a sentence in a recording.

    By word of the sentence: `likelihoods` (Whisper's mean and least log probability), `without` (nats lost by leaving
    it out) and its `sounds`, a slice of `phones`. By sound: `fits`, its log posterior among all others and none (never
    above 0), and `instead`, the log ratios of all 39 and, last, of leaving it out. `base` is the log likelihood of the
    sentence a frame of 20 ms.
    """

    words: list[str]
    heard: list[Heard]
    log_probability: float
    matches: list[Match]
    candidates: list[Candidate]
    likelihoods: list[tuple[float, float]]
    without: list[float]
    phones: list[str]
    sounds: list[slice]
    fits: Logs
    instead: Logs
    base: float
    sequence: Sequence
    alignment: Alignment | None


class Witnesses:
    """The models, one set a process; one recording at a time."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load them: 400 MB, two seconds. Raises ModelMissing, ModelChanged."""
        self.ear = Ear(threads=threads)
        self.lexicon = Lexicon()
        self.phone_model = PhoneModel()
        self.aligner = Aligner(self.lexicon)

    def aligned(self, samples: Samples, words: list[str]) -> Alignment | None:
        """Return where the words are, if they fit."""
        return self.aligner.align(samples, words)

    def testify(self, hearing: Hearing, logs: Logs, words: list[str], alignment: Alignment | None) -> Evidence:
        """Return the evidence on a sentence of at least one word, by what was heard and the posteriors of sounds."""
        heard = heard_words(hearing)
        matches = matched(words, [one.word for one in heard], self.lexicon)
        said = self._said(logs, words, alignment)
        phones = [phone for pronunciation in said for phone in pronunciation]
        sequence = Sequence(logs, _labels(phones))
        ends = np.cumsum([len(one) for one in said])
        sounds = [slice(int(end) - len(one), int(end)) for end, one in zip(ends, said, strict=True)]
        without = np.array([sequence.without(at, at + 1) for at in range(len(phones))])
        instead = np.c_[sequence.substitutions(), without]
        return Evidence(
            words,
            heard,
            hearing.log_probability,
            matches,
            self._candidates(matches, heard, sounds, sequence),
            self._likelihoods(hearing, words, matches, heard),
            [-sequence.without(one.start, one.stop) for one in sounds],
            phones,
            sounds,
            -log_sum(instead),
            instead,
            sequence.log_likelihood / len(logs),
            sequence,
            alignment,
        )

    def _said(self, logs: Logs, words: list[str], alignment: Alignment | None) -> list[list[str]]:
        """Return the pronunciation of each word: the aligner's, or the likeliest, one word after the other."""
        if alignment:
            return [[phone.name for phone in word.phones] for word in alignment.words if not word.is_silence]
        said = [self.lexicon.pronunciations(word)[0] for word in words]
        for at, word in enumerate(words):
            ways = self.lexicon.pronunciations(word)
            if len(ways) > 1:
                tried = [[*said[:at], way, *said[at + 1 :]] for way in ways]
                fits = [log_likelihood(logs, _labels([phone for one in way for phone in one])) for way in tried]
                said[at] = ways[int(np.argmax(fits))]
        return said

    def _likelihoods(
        self, hearing: Hearing, words: list[str], matches: list[Match], heard: list[Heard]
    ) -> list[tuple[float, float]]:
        """Ask the recogniser about each word, in the stretch that its neighbours were heard in."""
        stretch_of = _stretches_of(hearing, words, matches, heard)
        found: list[tuple[float, float]] = []
        for number, (_, encoded) in enumerate(hearing.parts):
            part = [word for word, stretch in zip(words, stretch_of, strict=True) if stretch == number]
            if part:
                found += self.ear.whisper.log_probabilities(encoded, part)
        return found

    def _candidates(
        self, matches: list[Match], heard: list[Heard], sounds: list[slice], sequence: Sequence
    ) -> list[Candidate]:
        found: list[Candidate] = []
        gap = 0
        for match in matches:
            if match.heard is not None and not match.is_same:
                place = sounds[gap].start if gap < len(sounds) else len(sequence.labels)
                ways = [_labels(way) for way in self.lexicon.pronunciations(heard[match.heard].word)]
                add = sequence.instead(place, place, ways[0])
                own = None if match.wanted is None else sounds[match.wanted]
                swap = max(sequence.instead(own.start, own.stop, way) for way in ways[:2]) if own else None
                told = (match.heard, match.wanted, gap, match.distance, add, swap, len(ways[0]))
                found.append(Candidate(*told))
            if match.wanted is not None:
                gap = match.wanted + 1
        return found


def heard_words(hearing: Hearing) -> list[Heard]:
    """Return what was heard as the words that are said: "$5" is two, at the same time."""
    return [
        Heard(part, word.start, word.end, word.probability)
        for word in hearing.words
        for part in spoken_words(word.text)
    ]


def _labels(phones: list[str]) -> Labels:
    return [INDEX[phone] for phone in phones]


def _stretches_of(hearing: Hearing, words: list[str], matches: list[Match], heard: list[Heard]) -> list[int]:
    """Return the number of the stretch that each word of the sentence belongs to; it never falls."""
    begins = [part.start / RATE for part, _ in hearing.parts]
    found, current = [0] * len(words), 0
    for match in matches:
        if match.heard is not None:
            at = heard[match.heard].start
            current = max(current, max(number for number, begin in enumerate(begins) if begin <= at + 1e-6))
        if match.wanted is not None:
            found[match.wanted] = current
    return found
