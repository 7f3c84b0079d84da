"""Made miscues: the sentence of a recording is changed, or the recording is, and the truth is remembered."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from speech.hearing.mel import Samples
from speech.phones.alignment import Aligner
from speech.phones.lexicon import Lexicon
from speech.phones.text import spoken_words
from speech.training.clips import Clip

_SEED = 11
_FRAME = 160
_VOCABULARY = 600


@dataclass(frozen=True)
class Case:
    """A recording and a sentence: `missed` are places in it that nobody says, `extra` what is said besides."""

    clip: Clip
    kind: str
    samples: Samples
    words: list[str]
    missed: set[int] = field(default_factory=set)
    extra: list[str] = field(default_factory=list)


def cases_of(clips: list[Clip], lexicon: Lexicon, aligner: Aligner, common: list[str]) -> list[Case]:
    """Return up to 15 cases a clip, always the same; `common` are words to put in."""
    chance = random.Random(_SEED)
    spoken = sorted({word for clip in clips for word in spoken_words(clip.text) if word in lexicon})
    pool = [word for word in common if word in lexicon and len(word) > 1][:_VOCABULARY] + spoken
    return [case for clip in clips for case in _Maker(clip, lexicon, aligner, pool, chance).cases()]


class _Maker:
    def __init__(self, clip: Clip, lexicon: Lexicon, aligner: Aligner, pool: list[str], chance: random.Random) -> None:
        self.clip, self.lexicon, self.aligner, self.pool, self.chance = clip, lexicon, aligner, pool, chance
        self.words = [word for word in spoken_words(clip.text) if word in lexicon]

    def cases(self) -> Iterator[Case]:
        yield self._case("none", self.words)
        yield from self._inserted()
        yield from self._deleted()
        yield from self._replaced()
        if self.clip.accuracy >= 6 and len(self.words) > 3:
            yield from self._played_otherwise()

    def _case(self, kind: str, words: list[str], missed: tuple[int, ...] = (), extra: tuple[str, ...] = ()) -> Case:
        return Case(self.clip, kind, self.clip.samples, words, set(missed), list(extra))

    def _new(self) -> str:
        while True:
            word = self.chance.choice(self.pool)
            if word not in self.words and len(self.lexicon.pronunciations(word)[0]) > 1:
                return word

    def _near(self, word: str) -> str | None:
        """Return another word that differs in one sound."""
        sounds = self.lexicon.pronunciations(word)[0]
        found = [other for other in self.pool if other not in self.words and _differ_once(self.lexicon, other, sounds)]
        return self.chance.choice(found) if found and len(sounds) > 1 else None

    def _inserted(self) -> Iterator[Case]:
        words, size = self.words, len(self.words)
        for _ in range(3):
            at = self.chance.randrange(size + 1)
            yield self._case("insert", [*words[:at], self._new(), *words[at:]], (at,))
        at = self.chance.randrange(size + 1)
        yield self._case("insert2", [*words[:at], self._new(), self._new(), *words[at:]], (at, at + 1))

    def _deleted(self) -> Iterator[Case]:
        words, size = self.words, len(self.words)
        for at in self.chance.sample(range(size), min(3, size)):
            yield self._case("delete", [*words[:at], *words[at + 1 :]], (), (words[at],))
        if size > 5:
            at = self.chance.randrange(size - 1)
            yield self._case("delete2", [*words[:at], *words[at + 2 :]], (), (words[at], words[at + 1]))

    def _replaced(self) -> Iterator[Case]:
        words, size = self.words, len(self.words)
        for at in self.chance.sample(range(size), min(2, size)):
            yield self._case("replace", [*words[:at], self._new(), *words[at + 1 :]], (at,), (words[at],))
        near = [(at, other) for at, word in enumerate(words) if (other := self._near(word))]
        if near:
            at, other = self.chance.choice(near)
            yield self._case("near", [*words[:at], other, *words[at + 1 :]], (at,), (words[at],))

    def _played_otherwise(self) -> Iterator[Case]:
        """Break the recording off, and play a word twice."""
        alignment = self.aligner.align(self.clip.samples, self.words)
        if alignment is None:
            return
        found = [word for word in alignment.words if not word.is_silence]
        size, samples = len(self.words), self.clip.samples
        at = self.chance.randrange(max(1, int(0.4 * size)), max(2, int(0.75 * size)))
        cut = samples[: found[at].start * _FRAME]
        yield Case(self.clip, "cut", cut, self.words, set(range(at, size)), [])
        at = self.chance.randrange(size)
        start, end = found[at].start * _FRAME, (found[at].start + found[at].frames) * _FRAME
        twice = np.concatenate([samples[:end], samples[start:end], samples[end:]])
        yield Case(self.clip, "repeat", twice, self.words, set(), [self.words[at]])


def _differ_once(lexicon: Lexicon, word: str, sounds: list[str]) -> bool:
    other = lexicon.pronunciations(word)[0]
    return len(other) == len(sounds) and sum(one != two for one, two in zip(other, sounds, strict=True)) == 1
