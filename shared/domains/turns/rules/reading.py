"""The rules of asking how a turn goes on, or ended."""

from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.contract import TurnStatus
from shared.domains.turns.errors import TurnNotFound
from shared.domains.turns.models import Answer, turn_id_of
from shared.domains.turns.rules.request import Asking


def answer_of(turn_id: str, *, asking: Asking) -> Answer | None:
    """Return how a turn ended as the table knows it, for a connection that watched in vain; None while it goes on."""
    record = asking.records.get(turn_id)
    return answer_on(record, asking) if record is not None else None


def turn_status(request_id: str, user_id: str, *, asking: Asking) -> TurnStatus:
    """Return how far a turn is.

    Raises:
        TurnNotFound: there is no such request of this person.
    """
    turn_id = turn_id_of(user_id, request_id)
    record = asking.records.get(turn_id)
    if record is None:
        raise TurnNotFound
    status = TurnStatus(request_id=request_id, job_id=turn_id, status=record.status, stage=record.stage)
    turn = asking.conversations.find_turn(turn_id)
    if turn is None:
        return status.model_copy(update={"error": record.error})
    told = {"ai_message": turn.ai_message, "audio_job_id": turn.audio_job_id, "turn_count": turn.number}
    return status.model_copy(update=told | {"error": record.error})


def answer_on(record: JobRecord, asking: Asking) -> Answer | None:
    """Return how a turn ended by its record; a turn that is stored has its answer, whatever became of its Job."""
    turn = asking.conversations.find_turn(record.job_id)
    if turn is not None:
        return Answer.in_turn(turn)
    result, conversation_id = record.result or {}, conversation_id_of(record)
    match record.status:
        case JobStatus.COMPLETED:
            said = str(result.get("aiMessage") or "")
            halted = Answer.halted(conversation_id, said)
            return halted if result.get("stopped") else halted.model_copy(update={"stopped": None})
        case JobStatus.CANCELLED:
            return Answer.halted(conversation_id, "")
        case JobStatus.FAILED:
            return Answer.failure(record.error or "", conversation_id)
    return None


def conversation_id_of(record: JobRecord) -> str | None:
    """Return the conversation that a turn's record names."""
    found = (record.result or {}).get("conversationId")
    return found if isinstance(found, str) else None
