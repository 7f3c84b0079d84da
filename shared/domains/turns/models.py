"""A turn while it is being answered, and what is said in it."""

import base64
import binascii
from enum import StrEnum
from typing import NamedTuple, Self

from shared.domains.conversations.models import Turn
from shared.domains.jobs.models import JobRecord
from shared.domains.turns.errors import RecordingTooLarge, retry_after_of
from shared.kernel.contract import Contract
from shared.kernel.partner import Usage
from shared.kernel.recordings import FEWEST_BYTES, MOST_BYTES, UnreadableAudio, container_of
from shared.kernel.uuids import named_uuid

AI_CHAT = "ai_chat"
"""The kind of the jobs that clients ask about."""
LONGEST_BASE64 = MOST_BYTES * 4 // 3 + 4
"""Characters of a recording of 10 MiB, the most that is taken."""


class Stage(StrEnum):
    """How far a turn is; `job` pushes carry it."""

    QUEUED = "queued"
    HEARD = "heard"
    THINKING = "thinking"
    SPEAKING = "speaking"
    DONE = "done"


class Ended(StrEnum):
    """The two statuses of a messageResponse."""

    COMPLETED = "completed"
    FAILED = "failed"


class Answer(Contract):
    """The end of a turn, as its messageResponse says it: `response` is empty where it failed, `error` is a code."""

    conversation_id: str | None = None
    response: str = ""
    status: Ended
    stopped: bool | None = None
    error: str | None = None
    retry_after: int | None = None

    @property
    def may_pass(self) -> bool:
        """Tell whether this is a failure that is not kept: the same request is tried anew."""
        return self.retry_after is not None

    @classmethod
    def in_turn(cls, turn: Turn) -> Self:
        """Return the answer of a stored turn."""
        return cls(
            conversation_id=turn.conversation_id,
            response=turn.ai_message,
            status=Ended.COMPLETED,
            stopped=turn.stopped or None,
        )

    @classmethod
    def halted(cls, conversation_id: str | None, said: str) -> Self:
        """Return the answer of a turn that was stopped, with what was said until then."""
        return cls(conversation_id=conversation_id, response=said, status=Ended.COMPLETED, stopped=True)

    @classmethod
    def failure(cls, code: str, conversation_id: str | None = None) -> Self:
        """Return the answer of a turn that failed with a code; `retry_after` is there where trying again may help."""
        retry_after = retry_after_of(code)
        return cls(conversation_id=conversation_id, status=Ended.FAILED, error=code, retry_after=retry_after)


class Live(NamedTuple):
    """A turn as the log knows it: which run speaks (0: none began), what it said so far, and how it ended.

    A run that begins after another begins anew: `deltas` are those of the run that is named.
    """

    run: int
    deltas: list[str]
    answer: Answer | None = None
    is_stopped: bool = False

    @property
    def said(self) -> str:
        """Return what was said so far."""
        return "".join(self.deltas)


class Said(Contract):
    """What is published on a turn's topic: a run began (`run` alone), it said something, or the turn ended."""

    run: int = 0
    index: int | None = None
    delta: str | None = None
    answer: Answer | None = None


class Going(StrEnum):
    """What a run learns when it says something: to go on, that the student wants no more, or that it is over."""

    ON = "on"
    STOPPED = "stopped"
    OVER = "over"


class Student(NamedTuple):
    """The student who asks, and the language that things are explained in."""

    user_id: str
    language: str


class Recording(NamedTuple):
    """A recording as it is put into the bucket."""

    content: bytes
    extension: str
    content_type: str

    @classmethod
    def read(cls, text: str) -> "Recording":
        """Return the recording that is written in base64; what is in it is told by its first bytes.

        Raises:
            RecordingTooLarge: more than 10 MiB.
            UnreadableAudio: it is no base64, or no file of a kind that is taken.
        """
        if len(text) > LONGEST_BASE64:
            raise RecordingTooLarge
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as problem:
            raise UnreadableAudio from problem
        return cls.of(content)

    @classmethod
    def of(cls, content: bytes) -> "Recording":
        """Return a recording by its bytes.

        Raises:
            RecordingTooLarge: more than 10 MiB.
            UnreadableAudio: it is no file of a kind that is taken.
        """
        if len(content) > MOST_BYTES:
            raise RecordingTooLarge
        container = container_of(content)
        if container is None or len(content) < FEWEST_BYTES:
            raise UnreadableAudio
        return cls(content, container.name, container.content_type)


class Wish(NamedTuple):
    """What a student says, under which requestId, and where: None is the default conversation.

    `is_spoken` says that a take has it, which is being said now.
    """

    request_id: str
    conversation_id: str | None
    message: str | None
    recording: Recording | None = None
    is_spoken: bool = False

    def record(self, student: Student, conversation_id: str, at: str) -> JobRecord:
        """Return the new record of its Job, which names the conversation from the beginning."""
        return JobRecord(
            job_id=turn_id_of(student.user_id, self.request_id),
            user_id=student.user_id,
            kind=AI_CHAT,
            request_id=self.request_id,
            result={"conversationId": conversation_id},
            created_at=at,
            updated_at=at,
        )


class Asked(NamedTuple):
    """A turn that was asked for; `answer` where it has ended already."""

    turn_id: str
    conversation_id: str | None
    answer: Answer | None = None


class Opened(NamedTuple):
    """A take that may grow: whether it is new, and the index of the chunk that comes next."""

    is_new: bool
    next_index: int


class Fate(StrEnum):
    """What became of a chunk: EARLY misses one before it, LATE comes after the end, LARGE is too much."""

    TAKEN = "taken"
    EARLY = "early"
    LATE = "late"
    LARGE = "large"
    UNKNOWN = "unknown"


class Added(NamedTuple):
    """What became of a chunk, and the index of the one that comes next."""

    fate: Fate
    next_index: int


class Take(NamedTuple):
    """A recording while it is made: its chunks from an index on, and how it stands.

    `is_streamed` tells whether the student wants the answer's deltas. `ended_at` is when all was said, `refusal` the
    code for which nothing more is taken; `is_closed` says that its turn is queued and its chunks are gone. `age` and
    `quiet` are the seconds since it began, and since it last grew.
    """

    chunks: list[bytes]
    is_streamed: bool
    ended_at: str | None = None
    refusal: str | None = None
    is_closed: bool = False
    age: float = 0.0
    quiet: float = 0.0


class HeardWords(Contract):
    """What was heard while it was said, how sure that is (0 to 1), and how many seconds of sound it was."""

    text: str
    confidence: float | None = None
    seconds: float


class Stopping(NamedTuple):
    """A turn that was asked to stop; where `is_going`, the process that asked ends it a moment later."""

    turn_id: str
    is_going: bool


def turn_id_of(user_id: str, request_id: str) -> str:
    """Return the name of a turn: two users' "1" never meet. It is also the id of its Job."""
    return named_uuid(f"turn\n{user_id}\n{request_id}")


class Words(NamedTuple):
    """What the student said, and how that is known; `confidence` is from 0 to 1, None where unknown."""

    text: str
    heard: bool = False
    confidence: float | None = None


class Reply(NamedTuple):
    """What the partner said, what it cost, whether the student wanted no more, and which sentences are spoken."""

    text: str
    usage: Usage = Usage()
    stopped: bool = False
    spoken: tuple[str, ...] = ()


class Purposes(NamedTuple):
    """What is held and settled for a turn, each for itself, so that a run that is repeated charges each once."""

    tokens: str
    heard: str
    spoken: str
    correction: str


def purposes_of(turn_id: str) -> Purposes:
    """Return the purposes of a turn."""
    return Purposes(turn_id, f"{turn_id}:heard", f"{turn_id}:spoken", f"{turn_id}:correction")
