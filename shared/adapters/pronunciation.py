"""The scorer of pronunciation, by models of this machine: the package `speech`, loaded when it is first asked.

Whether the extra is installed shows only then: gateway and other workers name this adapter, and never load a model.
"""

import threading
from collections.abc import Collection
from importlib import import_module
from typing import Any

import structlog

from shared.adapters.audio_guard.guard import AudioGuard
from shared.domains.practice.errors import NothingToScore, ScorerMissing
from shared.domains.practice.models import (
    Difficulty,
    Pronunciation,
    SpokenPhone,
    SpokenWord,
    Unheard,
    WordStatus,
)
from shared.domains.practice.ports import Progress, Transcript

EXTRA = "pip install 'speaktracker[speech]'"
log = structlog.get_logger(__name__)


class ModelScorer:
    """The port PronunciationScorer: one set of models a process, one recording at a time.

    Recordings are decoded in a process of their own, with limits; the models see samples alone.
    """

    def __init__(self, guard: AudioGuard) -> None:
        """Load nothing yet."""
        self._guard, self._turn = guard, threading.Lock()
        self._scorer: Any = None
        self._cannot_be_said: type[Exception] = Exception

    def warm_up(self) -> None:
        """Load the models, some seconds and 400 MB of this process; again does nothing. Raises ScorerMissing."""
        with self._turn:
            self._loaded()

    def score(
        self,
        recording: bytes,
        sentence: str,
        *,
        transcript: Transcript | None = None,
        suspected: Collection[Difficulty] = (),
        progress: Progress | None = None,
    ) -> Pronunciation:
        """Return how a sentence was said in a recording."""
        samples = self._guard.listen(recording).samples
        with self._turn:
            scorer = self._loaded()
            try:
                told = scorer.score(
                    samples,
                    sentence,
                    transcript=transcript,
                    suspected=[one.value for one in suspected],
                    progress=progress or (lambda stage: None),
                )
            except self._cannot_be_said as problem:
                raise NothingToScore from problem
        return _pronunciation(told)

    def _loaded(self) -> Any:
        if self._scorer is None:
            try:
                files = import_module("speech.model_files")
                scoring = import_module("speech.scoring.scorer")
                self._cannot_be_said = import_module("speech.scoring.sentence").CannotBeSaid
            except ImportError as problem:
                log.error("scorer.missing", install=EXTRA, problem=str(problem))
                raise ScorerMissing from problem
            try:
                self._scorer = scoring.Scorer()
            except (files.ModelMissing, files.ModelChanged) as problem:
                log.error("scorer.missing", install=EXTRA, problem=str(problem))
                raise ScorerMissing from problem
        return self._scorer


def _pronunciation(told: Any) -> Pronunciation:
    return Pronunciation(
        words=[_word(word) for word in told.words],
        overall=told.overall,
        word_accuracy=told.word_accuracy,
        completeness=told.completeness,
        fluency=told.fluency,
        prosody=told.prosody,
        confidence=told.confidence,
        heard=told.heard,
        duration_ms=told.duration_ms,
        unheard=Unheard(told.unheard) if told.unheard else None,
        unscored=told.unscored,
    )


def _word(told: Any) -> SpokenWord:
    return SpokenWord(
        word=told.word,
        status=WordStatus(told.status),
        start_ms=told.start_ms,
        end_ms=told.end_ms,
        score=told.score,
        heard=told.heard,
        also_heard=told.also_heard,
        suspected=Difficulty(told.suspected) if told.suspected else None,
        hint=Difficulty(told.hint) if told.hint else None,
        phones=[SpokenPhone(phone=one.phone, score=one.score, heard=one.heard) for one in told.phones],
    )
