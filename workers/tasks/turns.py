"""Tasks of turns."""

from shared.domains.turns.contract import AnswerTurn, TranscribeRecording
from shared.domains.turns.rules import answering, hearing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(AnswerTurn)
def answer_turn(job: AnswerTurn, context: WorkerContext) -> None:
    """Answer a student's turn, streamed, spoken, and stored once."""
    answering.answer_turn(job, on=context.answering)


@handles(TranscribeRecording)
def transcribe_recording(job: TranscribeRecording, context: WorkerContext) -> None:
    """Write down what is said in a recording."""
    hearing.transcribe_recording(job, on=context.answering)
