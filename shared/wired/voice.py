"""Which adapter serves which port of voices."""

from functools import cached_property

from shared.adapters.aws.audio import S3Audio
from shared.adapters.aws.polly import READ_SECONDS as SPEAKING_SECONDS
from shared.adapters.aws.polly import PollySpeaker
from shared.adapters.dynamodb.voice import DynamoVoices
from shared.adapters.metrics.spending import MeasuredSpeaker
from shared.adapters.redis_slots import RedisSlots
from shared.domains.turns.rules.narrating import SentenceNarrator
from shared.domains.voice.rules.asking import manner_of
from shared.domains.voice.rules.shelf import Shelf
from shared.domains.voice.rules.studio import Studio
from shared.wired.base import Base


class VoiceParts(Base):
    """What every process has of voices."""

    @cached_property
    def audio(self) -> S3Audio:
        """Return the bucket's audio."""
        return S3Audio(self.aws.s3, self.settings.chat_bucket_name)

    @cached_property
    def shelf(self) -> Shelf:
        """Return where voices are kept."""
        return Shelf(DynamoVoices(self.table), self.audio, self.clock)


class VoiceInWorkers(VoiceParts):
    """What tasks have of voices."""

    @cached_property
    def speaker(self) -> MeasuredSpeaker:
        """Return who speaks, in so many calls at once over all workers."""
        slots = RedisSlots(self.redis, "tts", self.settings.tts_calls_at_once)
        speaker = PollySpeaker(self.aws.client("polly", read_seconds=SPEAKING_SECONDS), slots)
        return MeasuredSpeaker(speaker, self.metrics, self.prices)

    @cached_property
    def studio(self) -> Studio:
        """Return what making voices rests on."""
        return Studio(self.shelf, self.speaker, self.job_tracker, self.jobs, self.metrics, self.events)

    @cached_property
    def narrator(self) -> SentenceNarrator:
        """Return who has the AI partner's answers spoken."""
        settings = self.settings
        return SentenceNarrator(
            self.shelf,
            self.jobs,
            self.metrics,
            self.events,
            tracker=self.job_tracker,
            manner=manner_of(None, default=settings.polly_voice_id, engine=settings.polly_engine),
        )
