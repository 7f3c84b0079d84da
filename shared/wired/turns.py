"""Which adapter serves which port of turns."""

from functools import cached_property

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.audio_guard.live import LiveDecoder
from shared.adapters.aws.audio import S3Audio
from shared.adapters.aws.live_listener import LEASE_SECONDS, StreamListener
from shared.adapters.aws.recordings import S3Recordings
from shared.adapters.aws.transcribe import AmazonTranscriber
from shared.adapters.aws.transcribe_stream import TranscribeStream
from shared.adapters.aws.transcribers import StreamingTranscriber
from shared.adapters.metrics.spending import MeasuredTranscriber
from shared.adapters.rate_limits import PartnerLimits
from shared.adapters.redis_slots import RedisSlots
from shared.adapters.redis_takes import RedisTakes
from shared.adapters.redis_turns import RedisPace, RedisTurnLog
from shared.domains.turns.rules.ending import EndingTurns
from shared.domains.turns.rules.following import Following
from shared.domains.turns.rules.request import Asking
from shared.domains.turns.rules.run import Answering
from shared.wired.accounts import AccountsParts
from shared.wired.base import Base
from shared.wired.conversations import ConversationsInWorkers, ConversationsParts


class TurnsParts(Base):
    """What every process has of turns."""

    @cached_property
    def turn_log(self) -> RedisTurnLog:
        """Return turns while they are being answered."""
        return RedisTurnLog(self.redis)

    @cached_property
    def takes(self) -> RedisTakes:
        """Return recordings while they are made."""
        return RedisTakes(self.redis)

    @cached_property
    def pace(self) -> RedisPace:
        """Return how long turns take of late."""
        return RedisPace(self.redis)


class TurnsInWorkers(ConversationsInWorkers, TurnsParts):
    """What tasks have of turns."""

    @cached_property
    def transcriber(self) -> MeasuredTranscriber:
        """Return who hears, in so many streams and jobs at once over all workers."""
        slots, guard = RedisSlots(self.redis, "speech", self.settings.speech_calls_at_once), AudioGuard()
        bucket = self.settings.chat_bucket_name
        batch = AmazonTranscriber(self.aws.client("transcribe"), self.aws.s3, bucket, slots, guard, self.clock)
        stream = TranscribeStream(self.aws.transcribe_address)
        hearing = StreamingTranscriber(stream, S3Recordings(self.aws.s3, bucket), guard, slots, batch)
        return MeasuredTranscriber(hearing, self.metrics, self.prices)

    @cached_property
    def listener(self) -> StreamListener:
        """Return who hears while it is said; its streams count among those of the transcriber."""
        places = self.settings.speech_calls_at_once
        slots = RedisSlots(self.redis, "speech", places, lease=LEASE_SECONDS, shown_as="speech-live")
        return StreamListener(TranscribeStream(self.aws.transcribe_address), LiveDecoder(), slots)

    @cached_property
    def following(self) -> Following:
        """Return what following a recording rests on."""
        return Following(
            takes=self.takes,
            listener=self.listener,
            recordings=self.audio,
            log=self.turn_log,
            store=self.conversations,
            purse=self.purse,
            endings=self.ending_turns,
            tracker=self.job_tracker,
            jobs=self.jobs,
            clock=self.clock,
        )

    @cached_property
    def ending_turns(self) -> EndingTurns:
        """Return how turns end that nobody answers."""
        return EndingTurns(self.job_tracker, self.job_records, self.turn_log, self.purse)

    @cached_property
    def answering(self) -> Answering:
        """Return what answering turns rests on."""
        settings = self.settings
        return Answering(
            log=self.turn_log,
            store=self.conversations,
            partner=self.partner,
            transcriber=self.transcriber,
            narrator=self.narrator,
            purse=self.purse,
            pace=self.pace,
            endings=self.ending_turns,
            tracker=self.job_tracker,
            jobs=self.jobs,
            clock=self.clock,
            metrics=self.metrics,
            window_tokens=settings.partner_window_tokens,
            answer_tokens=settings.partner_answer_tokens,
            winds_up_after=settings.partner_winds_up_after,
        )


class TurnsInGateways(AccountsParts, ConversationsParts, TurnsParts):
    """What the gateway has of turns."""

    @cached_property
    def recordings(self) -> S3Audio:
        """Return where recordings are put."""
        return S3Audio(self.aws.s3, self.settings.chat_bucket_name)

    @cached_property
    def turn_rate(self) -> PartnerLimits:
        """Return the bound on requests to the AI partner."""
        return PartnerLimits(self.limits, self.settings.ai_requests_per_minute)

    @cached_property
    def asking(self) -> Asking:
        """Return what asking the AI partner rests on."""
        return Asking(
            log=self.turn_log,
            conversations=self.conversations,
            records=self.job_records,
            students=self.accounts,
            recordings=self.recordings,
            takes=self.takes,
            rate=self.turn_rate,
            pace=self.pace,
            jobs=self.jobs,
            events=self.events,
            clock=self.clock,
        )
