"""What a user's channel asks of the partner and is told, and the job that answers a turn."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.domains.turns.models import LONGEST_BASE64, Answer, Ended, HeardWords
from shared.kernel.characters import VisibleText
from shared.kernel.contract import AwaitedJob, Command, Contract, Job
from shared.kernel.queues import Queue, RetryPolicy, WhenDead
from shared.kernel.uuids import named_uuid

RequestId = Annotated[str, StringConstraints(min_length=1, max_length=128)]
CHUNK_BYTES = 32 * 1024
LONGEST_CHUNK = (CHUNK_BYTES + 2) // 3 * 4
"""Characters of base64 that a chunk of 32 KiB takes."""
MOST_CHUNKS = 1_500
"""A minute in pieces of 40 ms; a connection may send forty frames in two seconds."""
Message = Annotated[VisibleText, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]


class AskPartner(Command):
    """Say something to the partner; the same requestId again, on whichever connection, is the same turn."""

    action: Literal["sendMessage"]
    request_id: RequestId
    message: Message
    timestamp: str | Annotated[float, Field(ge=-1e18, le=1e18, allow_inf_nan=False)] | None = None
    conversation_id: str | None = None
    stream: bool = False


class StopPartner(Command):
    """Have the partner stop a turn; what was said until then is kept."""

    action: Literal["stop"]
    request_id: RequestId


class StartSpeech(Command):
    """Begin to say something aloud; the same requestId again, on whichever connection, goes on behind what came."""

    action: Literal["audioStart"]
    request_id: RequestId
    conversation_id: str | None = None
    content_type: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    stream: bool = False


class SendSpeech(Command):
    """The next part of a recording, in base64, at most 32 KiB; one that came before changes nothing."""

    action: Literal["audioChunk"]
    request_id: RequestId
    index: int = Field(ge=0, le=MOST_CHUNKS - 1)
    data: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CHUNK)]


class EndSpeech(Command):
    """All is said: the partner is asked."""

    action: Literal["audioEnd"]
    request_id: RequestId


class SpeechAck(Contract):
    """A recording is awaited from this index on: 0 of a new one, what comes next of one that was cut."""

    action: Literal["audioAck"] = "audioAck"
    request_id: str
    next_index: int


class SendTurn(Command):
    """Say something over HTTP, in words or as a recording; what was heard counts, and the words are the fallback."""

    conversation_id: str
    user_message: Message | None = None
    audio_data: str | None = Field(None, max_length=2 * LONGEST_BASE64)


class MessageResponse(Contract):
    """The one answer to a turn."""

    action: Literal["messageResponse"] = "messageResponse"
    request_id: str
    conversation_id: str | None = None
    response: str
    status: Ended
    stopped: bool | None = None
    error: str | None = None
    message: str | None = None
    details: list[dict[str, Any]] | None = None
    retry_after: int | None = None

    @classmethod
    def of(cls, request_id: str, answer: Answer, message: str | None) -> "MessageResponse":
        """Return the answer to a request; `message` is the sentence for people where it failed."""
        return cls(request_id=request_id, message=message, **answer.model_dump())


class MessageDelta(Contract):
    """What the partner says while it says it; index 0 again means that it began anew."""

    action: Literal["messageDelta"] = "messageDelta"
    request_id: str
    delta: str
    index: int


class TurnAccepted(Contract):
    """A turn that will be answered; `estimated_time` in milliseconds."""

    request_id: str
    job_id: str
    status: str = "PROCESSING"
    estimated_time: int


class TurnStatus(Contract):
    """How far a turn is, as it is asked for over HTTP."""

    request_id: str
    job_id: str
    status: str
    stage: str | None = None
    ai_message: str | None = None
    audio_job_id: str | None = None
    turn_count: int | None = None
    error: str | None = None


class HearRecording(Command):
    """Have a recording written down, so that a student may correct what was heard before it counts."""

    audio_data: str = Field(max_length=2 * LONGEST_BASE64)


class RecordingHeard(Contract):
    """What was heard in a recording; an empty transcript where there were no words, or no seconds left for today."""

    transcript: str
    confidence: float | None = None
    seconds: float


class TranscribeRecording(AwaitedJob):
    """Write down a recording that is in the bucket; done once."""

    name: ClassVar[str] = "turns.transcribe_recording"
    queue: ClassVar[Queue] = Queue.AI_TASKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=5.0)

    audio_key: str


class AnswerTurn(Job):
    """Answer a student's turn, once: turns of one conversation in the order sent, those of different ones side by side.

    `again` names the failure after which the student sent the same request once more.
    """

    name: ClassVar[str] = "turns.answer_turn"
    queue: ClassVar[Queue] = Queue.AI_CHAT
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=3.0)
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    turn_id: str
    request_id: str
    user_id: str
    conversation_id: str
    user_message: str | None = None
    audio_key: str | None = None
    heard: HeardWords | None = None
    language: str = "en"
    again: str = ""
    sent_at: str

    def fair_share_group(self) -> str | None:
        """Return the conversation, within which order holds."""
        return self.conversation_id

    def identity(self) -> str | None:
        """Return the turn's own id, another one for each time that it is tried anew."""
        return named_uuid(f"{self.turn_id}\n{self.again}") if self.again else self.turn_id

    def awaited_as(self) -> str | None:
        """Return the turn's Job."""
        return self.turn_id


class FollowSpeech(Job):
    """Hear a recording while it is made, and have its turn answered once all is said.

    `part` counts the runs of one recording: a run hands on to the next before its time is up. `again` is as in
    AnswerTurn.
    """

    name: ClassVar[str] = "turns.follow_speech"
    queue: ClassVar[Queue] = Queue.AI_CHAT
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.2, longest_delay=1.0)

    turn_id: str
    request_id: str
    user_id: str
    conversation_id: str
    language: str = "en"
    again: str = ""
    part: int = 0

    def fair_share_group(self) -> str | None:
        """Return the recording: whoever speaks holds up neither other turns of the conversation nor anybody else."""
        return f"speech-{self.turn_id}"

    def identity(self) -> str | None:
        """Return this part of the turn."""
        return named_uuid(f"speech\n{self.turn_id}\n{self.again}\n{self.part}")

    def awaited_as(self) -> str | None:
        """Return the turn's Job."""
        return self.turn_id
