"""Tasks of turns."""

from shared.domains.turns.contract import AnswerTurn, FollowSpeech, TranscribeRecording
from shared.domains.turns.rules import answering, following, hearing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(AnswerTurn)
def answer_turn(job: AnswerTurn, context: WorkerContext) -> None:
    """Answer a student's turn, streamed, spoken, and stored once."""
    answering.answer_turn(job, on=context.answering)


@handles(FollowSpeech)
def follow_speech(job: FollowSpeech, context: WorkerContext) -> None:
    """Hear a recording while it is made."""
    following.follow_speech(job, on=context.following)


@handles(TranscribeRecording)
def transcribe_recording(job: TranscribeRecording, context: WorkerContext) -> None:
    """Write down what is said in a recording."""
    hearing.transcribe_recording(job, on=context.answering)
