"""Tasks of practice."""

from shared.domains.practice.contract import (
    CountSession,
    DeleteRecordings,
    EndSessions,
    KeepSentenceAudio,
    ScoreRecording,
    SweepSessions,
    WriteSentences,
)
from shared.domains.practice.rules import scoring, sessions, showing, writing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(WriteSentences)
def write_sentences(job: WriteSentences, context: WorkerContext) -> None:
    """Write sentences for the student who waits for them."""
    writing.write_sentences(job, ports=context.writing)


@handles(KeepSentenceAudio)
def keep_sentence_audio(job: KeepSentenceAudio, context: WorkerContext) -> None:
    """Note where the voice of a sentence lies."""
    writing.keep_sentence_audio(job, sentences=context.sentences, clock=context.clock)


@handles(ScoreRecording)
def score_recording(job: ScoreRecording, context: WorkerContext) -> None:
    """Score a recording, and tell everybody concerned."""
    scoring.score_recording(job, ports=context.examination)


@handles(CountSession)
def count_session(job: CountSession, context: WorkerContext) -> None:
    """Count a session that has ended."""
    sessions.count_session(job, sessions=context.learning_sessions, learners=context.learners, jobs=context.jobs)


@handles(EndSessions)
def end_sessions(job: EndSessions, context: WorkerContext) -> None:
    """End a person's open sessions."""
    sessions.end_sessions(job, sessions=context.learning_sessions, jobs=context.jobs, clock=context.clock)


@handles(DeleteRecordings)
def delete_recordings(job: DeleteRecordings, context: WorkerContext) -> None:
    """Delete the recordings of a student who wants none kept."""
    showing.delete_recordings(job, results=context.results, recordings=context.audio)


@handles(SweepSessions)
def sweep_sessions(_job: SweepSessions, context: WorkerContext) -> None:
    """End what is idle, and count what was not counted."""
    sessions.sweep_sessions(sessions=context.learning_sessions, jobs=context.jobs, clock=context.clock)
