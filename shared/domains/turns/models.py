"""A turn while it is being answered."""

from enum import StrEnum
from typing import NamedTuple

from shared.kernel.contract import Contract
from shared.kernel.uuids import named_uuid

AI_CHAT = "ai_chat"
"""The kind of the jobs that clients ask about."""


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


class Heard(NamedTuple):
    """What was said in a recording, how sure that is (0 to 1; None where unknown), and how long it was."""

    text: str
    confidence: float | None
    seconds: float


def turn_id_of(user_id: str, request_id: str) -> str:
    """Return the name of a turn: two users' "1" never meet. It is also the id of its Job."""
    return named_uuid(f"turn\n{user_id}\n{request_id}")
