"""What is stored of conversations."""

from shared.domains.partner.models import Correction, Exchange, Report, Scene
from shared.kernel.contract import Contract

OPENING = "ai_opening"
REPORT = "ai_report"
ROOM = "ai_room"
"""The kinds of the jobs that clients ask about."""

MOST_CORRECTIONS = 10
DEFAULT_TOPIC = "daily life"
DEFAULT_ROLE = "a friendly conversation partner"


class Conversation(Contract):
    """A conversation; `turn_count` are the answered student turns.

    `summary` says what the first `summarized` turns were about, which the model is not shown any more.
    """

    conversation_id: str
    user_id: str
    scene: Scene
    first_message: str = ""
    audio_job_id: str | None = None
    is_default: bool = False
    started_at: str
    ended_at: str | None = None
    turn_count: int = 0
    summary: str = ""
    summarized: int = 0
    report: Report | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether no more turns are taken."""
        return self.ended_at is not None


class Turn(Contract):
    """A student's turn and its answer. `turn_id` names it for ever: it is made of the user and the requestId.

    `sentences` are the parts that were spoken one by one; `heard` tells that the words came from a recording.
    """

    conversation_id: str
    number: int
    turn_id: str
    request_id: str
    user_id: str
    user_message: str
    heard: bool = False
    confidence: float | None = None
    ai_message: str
    stopped: bool = False
    correction: Correction | None = None
    audio_job_id: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    sent_at: str
    answered_at: str

    @property
    def exchange(self) -> Exchange:
        """Return what the model is reminded of."""
        return Exchange(student=self.user_message, partner=self.ai_message)


def best_corrections(turns: list[Turn]) -> list[Correction]:
    """Return at most ten corrections in their order, no two the same: those that explain, of the shortest sentences."""
    found = {one.correction.better.casefold(): one.correction for one in turns if one.correction is not None}
    ranked = sorted(found, key=lambda better: (not found[better].why, len(found[better].original)))
    best = set(ranked[:MOST_CORRECTIONS])
    return [one for better, one in found.items() if better in best]
