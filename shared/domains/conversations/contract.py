"""What clients ask of conversations and are told, and the jobs behind it."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.domains.conversations.models import (
    DEFAULT_ROLE,
    DEFAULT_TOPIC,
    Conversation,
    Correction,
    Report,
    Scene,
    Turn,
)
from shared.kernel.contract import AwaitedJob, Command, Contract, Job
from shared.kernel.levels import LEVEL_NAMES, Level
from shared.kernel.queues import Queue, RetryPolicy
from shared.kernel.texts import plain_line
from shared.kernel.uuids import named_uuid

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class StartConversation(Command):
    """Begin a conversation on a topic with a partner in a role; without them, about daily life with a friend."""

    level: Level = Field("intermediate", validation_alias=LEVEL_NAMES)
    topic: ShortText | None = None
    role: ShortText | None = None

    def scene(self, language: str, level_of_account: str | None) -> Scene:
        """Return the scene for a student; without a level it is the account's, else intermediate."""
        level = self.level if "level" in self.model_fields_set else level_of_account or self.level
        topic, role = plain_line(self.topic, 100), plain_line(self.role, 100)
        return Scene(level=level, topic=topic or DEFAULT_TOPIC, role=role or DEFAULT_ROLE, language=language)


class AskRoomPartner(Command):
    """Have the partner say something in a room."""

    prompt: Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)] | None = None


class ListConversations(Command):
    """List one's conversations, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class ConversationItem(Contract):
    """A conversation as it is listed."""

    conversation_id: str
    difficulty: str
    topic: str
    role: str
    situation: str
    first_message: str
    turn_count: int
    started_at: str
    ended_at: str | None = None

    @classmethod
    def of(cls, one: Conversation) -> "ConversationItem":
        """Return what its owner sees in a list."""
        return cls(**_item(one))


class ConversationOpened(Contract):
    """How a conversation began: the result of the job that opened it; without audio where none may be spoken today."""

    conversation_id: str
    situation: str
    first_message: str
    audio_job_id: str | None = None

    @classmethod
    def of(cls, one: Conversation) -> "ConversationOpened":
        """Return what its owner is told."""
        told = one.model_dump(include={"conversation_id", "first_message", "audio_job_id"})
        return cls(situation=one.scene.situation, **told)


class TurnItem(Contract):
    """A turn as its owner reads it."""

    number: int
    request_id: str
    user_message: str
    heard: bool
    confidence: float | None = None
    ai_message: str
    stopped: bool
    correction: Correction | None = None
    audio_job_id: str | None = None
    sent_at: str
    answered_at: str

    @classmethod
    def of(cls, turn: Turn) -> "TurnItem":
        """Return what the student sees."""
        return cls(**turn.model_dump(include=set(cls.model_fields)))


class ConversationDetails(ConversationItem):
    """A conversation with its turns, oldest first, and its report once it has ended."""

    audio_job_id: str | None = None
    turns: list[TurnItem]
    report: Report | None = None

    @classmethod
    def told(cls, one: Conversation, turns: list[Turn]) -> "ConversationDetails":
        """Return what its owner sees of it."""
        return cls(**_item(one), audio_job_id=one.audio_job_id, report=one.report, turns=[*map(TurnItem.of, turns)])


class ConversationReported(Report):
    """A conversation that has ended, with the report on the student's English in it."""

    conversation_id: str


class OpenConversation(AwaitedJob):
    """Have the partner set a scene and speak first, and store the conversation; done once."""

    name: ClassVar[str] = "conversations.open_conversation"
    queue: ClassVar[Queue] = Queue.AI_TASKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=10.0)

    conversation_id: str
    scene: Scene


class ReportConversation(OpenConversation):
    """Write the report on a conversation that has ended; done once."""

    name: ClassVar[str] = "conversations.report_conversation"


class SummarizeConversation(Job):
    """Say in short what the turns up to a number were about, so that the model need not be shown them."""

    name: ClassVar[str] = "conversations.summarize_conversation"
    queue: ClassVar[Queue] = Queue.AI_TASKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=2.0, longest_delay=30.0)

    conversation_id: str
    user_id: str
    up_to: int

    def fair_share_group(self) -> str | None:
        """Return the conversation's owner."""
        return self.user_id


class AnswerRoom(AwaitedJob):
    """Have the partner say something in a room; its message is shown once."""

    name: ClassVar[str] = "conversations.answer_room"
    queue: ClassVar[Queue] = Queue.AI_TASKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=10.0)

    room_id: str
    level: str
    prompt: str | None = None

    @property
    def message_id(self) -> str:
        """Return the id of the message that it says, so that it is said once however often the job runs."""
        return named_uuid(f"room message\n{self.job_id}")


def _item(one: Conversation) -> dict[str, object]:
    kept = one.model_dump(include={"conversation_id", "first_message", "turn_count", "started_at", "ended_at"})
    scene = one.scene
    told = {"difficulty": scene.level, "topic": scene.topic, "role": scene.role, "situation": scene.situation}
    return kept | told
