"""Tasks of turns."""

from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.rules import answering
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(AnswerTurn)
def answer_turn(job: AnswerTurn, context: WorkerContext) -> None:
    """Answer a student's turn, streamed, spoken, and stored once."""
    answering.answer_turn(job, on=context.answering)
