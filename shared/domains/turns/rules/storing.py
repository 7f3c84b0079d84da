"""What a turn's answer is to everybody else: stored, told, charged, and the result of its Job."""

from typing import Any

from shared.domains.conversations.models import Conversation, Turn
from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.models import Answer, Ended, Reply, Words, purposes_of
from shared.domains.turns.rules.speaking import Speech, audible
from shared.kernel.budgets import Kind
from shared.kernel.uuids import named_uuid


def turn_of(job: AnswerTurn, conversation: Conversation, words: Words, reply: Reply, *, at: str) -> Turn:
    """Return the turn as it is stored: the next of its conversation as that was read."""
    return Turn(
        conversation_id=job.conversation_id,
        number=conversation.turn_count + 1,
        turn_id=job.turn_id,
        request_id=job.request_id,
        user_id=job.user_id,
        user_message=words.text,
        heard=words.heard,
        confidence=words.confidence,
        ai_message=reply.text,
        stopped=reply.stopped,
        audio_job_id=audio_job_of(job.turn_id) if reply.spoken else None,
        input_tokens=reply.usage.input_tokens,
        output_tokens=reply.usage.output_tokens,
        sent_at=job.sent_at,
        answered_at=at,
    )


def answer_of(turn: Turn) -> Answer:
    """Return the answer that a stored turn is."""
    return Answer(
        conversation_id=turn.conversation_id,
        response=turn.ai_message,
        status=Ended.COMPLETED,
        stopped=turn.stopped or None,
    )


def result_of(turn: Turn) -> dict[str, Any]:
    """Return the result of a turn's Job, as its owner reads it."""
    told = {
        "conversationId": turn.conversation_id,
        "aiMessage": turn.ai_message,
        "audioJobId": turn.audio_job_id,
        "turnCount": turn.number,
        "correction": turn.correction.wire() if turn.correction else None,
        "stopped": turn.stopped or None,
        "heard": turn.user_message if turn.heard else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def audio_job_of(turn_id: str) -> str:
    """Return the id of the Job of a whole answer's voice."""
    return named_uuid(f"voice of turn\n{turn_id}")


def spoken_of(turn: Turn) -> list[str]:
    """Return the sentences of a turn that are spoken: all, or the whole ones where it was stopped."""
    return Speech().grow(turn.ai_message)[1] if turn.stopped else audible(turn.ai_message)


def charges_of(turn_id: str, reply: Reply, seconds: int) -> list[tuple[str, Kind, int]]:
    """Return what an answer cost, by purpose; `seconds` are those of the recording that were heard."""
    purposes = purposes_of(turn_id)
    return [
        (purposes.tokens, Kind.TOKENS, reply.usage.total),
        (purposes.heard, Kind.TRANSCRIBED_SECONDS, seconds),
        (purposes.spoken, Kind.SPOKEN_CHARACTERS, sum(map(len, reply.spoken))),
    ]
