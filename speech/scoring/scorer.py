"""The scorer: samples and a sentence become words with scores, and how sure all of that is.

The numbers that it tells, each from 0 to 100:

- a word's score is ten times what experts would give its accuracy (0 to 10), by the models that were trained on
  speechocean762 (J. Zhang et al., 2021); below 60 it is mispronounced. A sound's is fifty times theirs (0 to 2).
- completeness is the share of the sentence's words that were said; wordAccuracy is the mean score of those.
- fluency and prosody are ten times the experts' marks of those names; null for a sentence of one word.
- overall = completeness x (0.5 accuracy + 0.3 fluency + 0.2 prosody), and less where under 60 % were said (times
  completeness / 60): a convention, which keeps those who say half a sentence well below those who say all of it.
- confidence is from 0 to 1 (`confidence.py`); below 0.5 nothing is graded.

Where another recogniser's transcript is given, the two are compared word by word. For each said word of the sentence
that only one of them heard, confidence falls by 0.5 times that word's share of the sentence, and both hearings are
told. Scores and miscues never rest on the other recogniser: it repairs mistakes.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np

from speech.hearing.ear import Doubt, Hearing
from speech.hearing.mel import RATE, Samples
from speech.phones.posteriors import Logs
from speech.phones.text import spoken_words
from speech.scoring.assess import Scores, assess, scored
from speech.scoring.confidence import SURE_FROM, confidence_of
from speech.scoring.difficulties import hinted, suspicions
from speech.scoring.evidence import Evidence, Witnesses
from speech.scoring.matching import matched
from speech.scoring.miscues import extra_words, missed_words
from speech.scoring.model import read_models
from speech.scoring.numbers import Logistic
from speech.scoring.results import MISSED, NO_SPEECH, OTHER_WORDS, UNCLEAR, Result, WordResult, nothing
from speech.scoring.sentence import Sentence, read_sentence
from speech.scoring.telling import Judged, told_words

FEWEST_SAID = 0.2
"""A share of the sentence below which it was not said at all: a few words of any other fit by chance."""
FEWEST_OF_WHOLE = 0.6
DISTANCE_WEIGHT, LEAST_FIT = 6.0, -7.5
"""Mean log posterior of the sounds of what was said, less so many times the mean distance of what was heard: below this
it is another sentence. Of the 57 recordings 3 learners' are below with their own sentence (of accuracy 2, 3 and 6), and
all are with another's; the limit was set on them."""
NAMES_EXTRAS_FROM = 6.0
"""Below this mark of accuracy hardly any extra word is real (4 of 100): none is named."""
_ACCURACY, _FLUENCY, _PROSODY = 0.5, 0.3, 0.2
HEARD, ALIGNED, SCORED = "heard", "aligned", "scored"

Progress = Callable[[str], object]
Transcript = Callable[[], str | None]


class _Clip(NamedTuple):
    samples: Samples
    hearing: Hearing
    logs: Logs
    sentence: Sentence
    also_heard: list[str] | None
    suspected: Collection[str]

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.samples) / RATE)


class Scorer:
    """All models, 400 MB; one recording at a time; the same recording and sentence always get the same result."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load them, some seconds. Raises ModelMissing, ModelChanged."""
        self._models = read_models()
        self._witnesses = Witnesses(threads=threads)

    def score(
        self,
        content: bytes,
        text: str,
        *,
        transcript: Transcript | None = None,
        suspected: Collection[str] = (),
        progress: Progress = lambda stage: None,
    ) -> Result:
        """Return how a sentence was said in signed 16-bit samples at 16 kHz.

        `transcript` is asked, once the models are done, for what another recogniser heard; what it raises is raised.

        Raises:
            CannotBeSaid: no word of the sentence is English, or there are too many.
        """
        sentence, samples = read_sentence(text), np.frombuffer(content, "<i2").astype(np.int16)
        hearing = self._witnesses.ear.hear(samples)
        progress(HEARD)
        if not hearing.parts or hearing.doubt is Doubt.NO_SPEECH:
            duration = round(1000 * len(samples) / RATE)
            return nothing([], NO_SPEECH, 0.9, "", duration, sentence.unscored)
        logs = self._witnesses.phone_model.posteriors(samples)
        clip = _Clip(samples, hearing, logs, sentence, None, suspected)
        told = self._testimony(clip, sentence.words)
        progress(ALIGNED)
        also_heard = transcript() if transcript is not None else None
        if also_heard is not None:
            clip = clip._replace(also_heard=spoken_words(also_heard))
        result = self._judged(clip, told)
        progress(SCORED)
        return result

    def _testimony(self, clip: _Clip, words: list[str]) -> Evidence:
        alignment = self._witnesses.aligned(clip.samples, words)
        return self._witnesses.testify(clip.hearing, clip.logs, words, alignment)

    def _judged(self, clip: _Clip, told: Evidence) -> Result:
        words = clip.sentence.words
        missed = missed_words(told, self._logistic("missed"))
        said = [place for place in range(len(words)) if place not in missed]
        share = len(said) / len(words)
        confidence = confidence_of(clip.samples, told, set(said), _disagreed(clip, told, set(said), self._witnesses))
        if share < FEWEST_SAID:
            return self._not_said(clip, max(confidence, SURE_FROM))
        of_said = told if not missed else self._testimony(clip, [words[place] for place in said])
        if _fit(told, of_said, said) < LEAST_FIT:
            return self._not_said(clip, max(confidence, SURE_FROM))
        assessed = assess(clip.samples, of_said, self._witnesses.aligner.states, self._models)
        if assessed is None:
            return self._not_said(clip, min(confidence, SURE_FROM), UNCLEAR)
        scores = scored(assessed, self._models)
        judged = self._everything(clip, told, of_said, said, scores)
        return _numbers(clip, judged, scores, share, confidence)

    def _everything(self, clip: _Clip, told: Evidence, of_said: Evidence, said: list[int], scores: Scores) -> Judged:
        names_extras = scores.marks["accuracy"] >= NAMES_EXTRAS_FROM
        extras = extra_words(told, self._logistic("extra")) if names_extras else []
        found = suspicions(of_said, scores.phones.tolist())
        also = None if clip.also_heard is None else _heard_instead(clip, told, self._witnesses)
        return Judged(clip.sentence, told, of_said, said, extras, scores, found, hinted(found, clip.suspected), also)

    def _not_said(self, clip: _Clip, confidence: float, reason: str = OTHER_WORDS) -> Result:
        words = [WordResult(word, MISSED, score=0.0) for word in clip.sentence.written]
        unscored = clip.sentence.unscored
        return nothing(words, reason, round(confidence, 2), clip.hearing.text, clip.duration_ms, unscored)

    def _logistic(self, name: str) -> Logistic:
        model = self._models[name]
        assert isinstance(model, Logistic)
        return model


def _numbers(clip: _Clip, judged: Judged, scores: Scores, share: float, confidence: float) -> Result:
    words = told_words(judged)
    marks = scores.marks
    quality = _ACCURACY * marks["accuracy"] + _FLUENCY * marks["fluency"] + _PROSODY * marks["prosodic"]
    is_one = len(clip.sentence.words) == 1
    accuracy = 10 * float(scores.words.mean())
    return Result(
        words=words,
        overall=round(10 * share * quality * min(1.0, share / FEWEST_OF_WHOLE), 1),
        word_accuracy=round(accuracy, 1),
        completeness=round(100 * share, 1),
        fluency=None if is_one else round(10 * marks["fluency"], 1),
        prosody=None if is_one else round(10 * marks["prosodic"], 1),
        confidence=round(confidence, 2),
        heard=clip.hearing.text,
        duration_ms=clip.duration_ms,
        unheard=None if confidence >= SURE_FROM else UNCLEAR,
        unscored=clip.sentence.unscored,
    )


def _fit(told: Evidence, of_said: Evidence, said: list[int]) -> float:
    """Return how well what was said is the sentence, by its sounds and by what was heard in its places."""
    distances = {match.wanted: match.distance for match in told.matches}
    fits = [float(of_said.fits[sounds].mean()) for sounds in of_said.sounds]
    return float(np.mean(fits) - DISTANCE_WEIGHT * np.mean([distances[place] for place in said]))


def _heard_instead(clip: _Clip, told: Evidence, witnesses: Witnesses) -> dict[int, str | None]:
    """Return what the other recogniser heard, by the place of the word; None where it heard nothing there."""
    heard = clip.also_heard or []
    matches = matched(told.words, heard, witnesses.lexicon)
    return {
        match.wanted: None if match.heard is None else heard[match.heard]
        for match in matches
        if match.wanted is not None
    }


def _disagreed(clip: _Clip, told: Evidence, said: set[int], witnesses: Witnesses) -> int:
    """Return how many of the words that were said only one of the recognisers heard."""
    if clip.also_heard is None:
        return 0
    ours = {match.wanted for match in told.matches if match.is_same}
    theirs = {place for place, word in _heard_instead(clip, told, witnesses).items() if word == told.words[place]}
    return len((ours ^ theirs) & said)
