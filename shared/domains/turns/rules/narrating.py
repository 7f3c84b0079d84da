"""The rules of narration: a sentence that was spoken before is heard at once, any other as soon as it is spoken."""

from dataclasses import dataclass

from shared.domains.turns.ports import SpokenBefore
from shared.domains.voice.contract import AudioReady, SynthesizeSpeech
from shared.domains.voice.models import TTS, Manner, SentenceOf, Voice, Wish, cleaned
from shared.kernel.errors import Unavailable
from shared.kernel.ports import EventBus, JobQueue, JobTracker, Metrics
from shared.kernel.topics import user_topic
from shared.kernel.uuids import named_uuid


@dataclass(frozen=True, slots=True)
class SentenceNarrator:
    """Has answers of the partner spoken, in one manner."""

    shelf: SpokenBefore
    jobs: JobQueue
    metrics: Metrics
    events: EventBus
    tracker: JobTracker
    manner: Manner

    def say_sentence(self, text: str, *, user_id: str, request_id: str, index: int) -> None:
        """Push `audioReady` where the sentence was spoken before, else queue it; again, it is pushed again.

        Where the bus is away it is queued too: a worker tells as soon as it can.

        A sentence in which nothing can be heard is passed over.

        Raises:
            Unavailable: the table or the queue does not answer.
        """
        if not cleaned(text):
            return
        wish, sentence = Wish(text, self.manner, user_id), SentenceOf(request_id=request_id, index=index)
        found = self.shelf.find(wish.voice)
        if found is None or not self._is_told(found, user_id, sentence):
            job_id = named_uuid(f"sentence\n{user_id}\n{request_id}\n{index}\n{wish.voice}")
            self.jobs.enqueue(SynthesizeSpeech.of(wish, job_id, sentence=sentence))
            return
        self.metrics.count("voice_characters_saved", found.characters)

    def _is_told(self, found: Voice, user_id: str, sentence: SentenceOf) -> bool:
        """Push where a voice is heard; False where the push was lost: then a worker tells, as soon as it can."""
        places = {"audio_url": self.shelf.address(found.id), "words_url": self.shelf.words_address(found.id)}
        try:
            self.events.publish(user_topic(user_id), AudioReady(**places, **dict(sentence)), must_arrive=True)
        except Unavailable:
            return False
        return True

    def say_whole(self, sentences: list[str], *, user_id: str, job_id: str) -> None:
        """Record the Job and queue the whole, which takes the sentences that are there. Again changes nothing.

        Raises:
            Unavailable: the table or the queue does not answer.
        """
        parts = [part for part in map(cleaned, sentences) if part]
        wish = Wish(" ".join(parts), self.manner, user_id)
        self.tracker.record(job_id, TTS, user_id)
        self.jobs.enqueue(SynthesizeSpeech.of(wish, job_id, parts=parts if len(parts) > 1 else None))
