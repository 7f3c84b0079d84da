"""Which adapter serves which port of the AI partner: conversations, turns, answers, budgets and hearing."""

from functools import cached_property

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.aws.audio import S3Audio
from shared.adapters.aws.bedrock import FORM_SECONDS, READ_SECONDS, BedrockPartner
from shared.adapters.aws.recordings import S3Recordings
from shared.adapters.aws.transcribe import AmazonTranscriber
from shared.adapters.aws.transcribe_stream import TranscribeStream
from shared.adapters.aws.transcribers import StreamingTranscriber
from shared.adapters.dynamodb.budgets import DynamoBudgets
from shared.adapters.dynamodb.conversations import DynamoConversations
from shared.adapters.redis_slots import RedisSlots
from shared.adapters.redis_turns import RedisPace, RedisTurnLog
from shared.domains.budgets.service import DailyPurse
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.turns.rules.ending import EndingTurns
from shared.domains.turns.rules.run import Answering
from shared.kernel.budgets import Kind
from shared.wired.voices import VoiceParts, VoicesInWorkers


class PartnerParts(VoiceParts):
    """What every process has of the AI partner."""

    @cached_property
    def conversations(self) -> DynamoConversations:
        """Return conversations and their turns."""
        return DynamoConversations(self.table)

    @cached_property
    def turn_log(self) -> RedisTurnLog:
        """Return turns while they are being answered."""
        return RedisTurnLog(self.redis)

    @cached_property
    def pace(self) -> RedisPace:
        """Return how long turns take of late."""
        return RedisPace(self.redis)

    @cached_property
    def budgets(self) -> DynamoBudgets:
        """Return what users spent."""
        return DynamoBudgets(self.table)

    @property
    def budget_limits(self) -> dict[Kind, int]:
        """Return what a user may spend on a day."""
        return {
            Kind.TOKENS: self.settings.daily_tokens,
            Kind.SPOKEN_CHARACTERS: self.settings.daily_spoken_characters,
            Kind.TRANSCRIBED_SECONDS: self.settings.daily_transcribed_seconds,
        }


class PartnerInWorkers(VoicesInWorkers, PartnerParts):
    """What tasks have of the AI partner."""

    @cached_property
    def partner(self) -> BedrockPartner:
        """Return the model, in so many calls at once over all workers."""
        settings = self.settings
        return BedrockPartner(
            self.aws.client("bedrock-runtime", read_seconds=READ_SECONDS),
            RedisSlots(self.redis, "ai", settings.ai_calls_at_once),
            model_id=settings.bedrock_model_id,
            guardrail=settings.bedrock_guardrail,
            form_client=self.aws.client("bedrock-runtime", read_seconds=FORM_SECONDS),
        )

    @cached_property
    def transcriber(self) -> StreamingTranscriber:
        """Return who hears, in so many streams and jobs at once over all workers."""
        slots, guard = RedisSlots(self.redis, "speech", self.settings.speech_calls_at_once), AudioGuard()
        bucket = self.settings.chat_bucket_name
        batch = AmazonTranscriber(self.aws.client("transcribe"), self.aws.s3, bucket, slots, guard, self.clock)
        stream = TranscribeStream(self.aws.transcribe_address)
        return StreamingTranscriber(stream, S3Recordings(self.aws.s3, bucket), guard, slots, batch)

    @cached_property
    def purse(self) -> DailyPurse:
        """Return what users may still spend today."""
        return DailyPurse(self.budgets, self.events, self.clock, self.budget_limits)

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

    @cached_property
    def backstage(self) -> Backstage:
        """Return what openings, reports, summaries and the partner in rooms rest on."""
        return Backstage(
            store=self.conversations,
            partner=self.partner,
            purse=self.purse,
            narrator=self.narrator,
            tracker=self.job_tracker,
            clock=self.clock,
        )


class PartnerInGateways(PartnerParts):
    """What the gateway has of the AI partner."""

    @cached_property
    def recordings(self) -> S3Audio:
        """Return where recordings are put."""
        return S3Audio(self.aws.s3, self.settings.chat_bucket_name)
