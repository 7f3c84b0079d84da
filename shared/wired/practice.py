"""Which adapter serves which port of practice, the notebook and statistics."""

from functools import cached_property

from shared.adapters.anki_decks import AnkiDecks
from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.dynamodb.learners import DynamoLearners
from shared.adapters.dynamodb.notebook import DynamoNotebook
from shared.adapters.dynamodb.practice import DynamoSentences, DynamoSessions
from shared.adapters.dynamodb.results import DynamoResults
from shared.adapters.dynamodb.statistics import DynamoStatistics
from shared.adapters.pronunciation import ModelScorer
from shared.domains.budgets.errors import BudgetSpent
from shared.domains.notebook.rules.showing import due_words
from shared.domains.practice.models import SentenceAudio
from shared.domains.practice.rules.scoring import Examination
from shared.domains.practice.rules.writing import Writing
from shared.domains.voice.contract import SynthesizeSpeech
from shared.domains.voice.models import TTS, SessionSentence, Wish
from shared.domains.voice.rules.asking import manner_of
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.times import timestamp
from shared.wired.base import Base
from shared.wired.turns import TurnsInWorkers


class PracticeParts(Base):
    """What every process has of practice."""

    @cached_property
    def learning_sessions(self) -> DynamoSessions:
        """Return learning sessions."""
        return DynamoSessions(self.table)

    @cached_property
    def results(self) -> DynamoResults:
        """Return how sentences were said."""
        return DynamoResults(self.table)

    @cached_property
    def notebook(self) -> DynamoNotebook:
        """Return the mistake notebook."""
        return DynamoNotebook(self.table)

    @cached_property
    def statistics(self) -> DynamoStatistics:
        """Return students' days."""
        return DynamoStatistics(self.table)

    @cached_property
    def learners(self) -> DynamoLearners:
        """Return students, as practice knows them."""
        return DynamoLearners(self.table)


class PracticeInWorkers(TurnsInWorkers, PracticeParts):
    """What tasks have of practice."""

    @cached_property
    def scorer(self) -> ModelScorer:
        """Return who says how a sentence was said; its models are loaded when it is first asked, or warmed up."""
        return ModelScorer(AudioGuard())

    @cached_property
    def sentences(self) -> DynamoSentences:
        """Return the sentences of sessions."""
        return DynamoSentences(self.table)

    @cached_property
    def writing(self) -> Writing:
        """Return what writing sentences rests on."""
        return Writing(
            partner=self.partner,
            purse=self.purse,
            sentences=self.sentences,
            due_phrases=self._due_phrases,
            tracker=self.job_tracker,
            speak=self._speak,
        )

    @cached_property
    def examination(self) -> Examination:
        """Return what scoring rests on."""
        return Examination(
            recordings=self.audio,
            transcriber=self.transcriber,
            scorer=self.scorer,
            results=self.results,
            sessions=self.learning_sessions,
            learners=self.learners,
            tracker=self.job_tracker,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
            purse=self.purse,
        )

    def _speak(self, sentence: SentenceAudio, user_id: str) -> None:
        manner = manner_of(None, default=self.settings.polly_voice_id, engine=self.settings.polly_engine)
        place = SessionSentence(session_id=sentence.session_id, index=sentence.sentence_index)
        wish = Wish(sentence.english, manner, user_id, session_sentence=place)
        self.job_tracker.record(sentence.audio_job_id, TTS, user_id)
        if self.shelf.find(wish.voice) is None and self._is_spent(wish, sentence.audio_job_id):
            self.job_tracker.fail(sentence.audio_job_id, BudgetSpent.code)
            return
        self.jobs.enqueue(SynthesizeSpeech.of(wish, sentence.audio_job_id))

    def _is_spent(self, wish: Wish, purpose: str) -> bool:
        """Count a sentence that nobody has had spoken yet against its student's day; tell whether that was spent."""
        states = self.purse.hold(wish.user_id, purpose, {Kind.SPOKEN_CHARACTERS: len(wish.text)})
        return BudgetState.SPENT in states.values()

    def _due_phrases(self, user_id: str, limit: int) -> list[str]:
        return due_words(user_id, now=timestamp(self.clock.now()), limit=limit, store=self.notebook)


class PracticeInGateways(PracticeParts):
    """What the gateway has of practice."""

    @cached_property
    def decks(self) -> AnkiDecks:
        """Return the maker of decks."""
        return AnkiDecks()
