"""One recording: taken, heard, scored, stored and counted, each once."""

from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.models import Mistake, MistakeKind
from shared.domains.practice.contract import EvaluateRecording, ScoreRecording, StudentResult
from shared.domains.practice.models import Learner, PronunciationResult, WordStatus
from shared.domains.practice.ports import (
    Learners,
    PronunciationScorer,
    Recordings,
    ResultStore,
    SessionStore,
)
from shared.domains.practice.rules.showing import shown_result
from shared.domains.statistics.contract import RecordEvent
from shared.domains.statistics.models import Activity, LearningEvent, tenths
from shared.kernel.beside import beside
from shared.kernel.budgets import Kind as Budget
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, EventBus, JobQueue, JobTracker, Purse, Transcriber
from shared.kernel.recordings import RecordingGone
from shared.kernel.times import instant, timestamp
from shared.kernel.topics import user_topic
from shared.kernel.uuids import named_uuid

EVALUATION = "pronunciation"
"""The kind of the job that clients ask about."""

log = get_log()


@dataclass(frozen=True, slots=True)
class Examination:
    """The ports that scoring rests on."""

    recordings: Recordings
    transcriber: Transcriber
    scorer: PronunciationScorer
    results: ResultStore
    sessions: SessionStore
    learners: Learners
    tracker: JobTracker
    events: EventBus
    jobs: JobQueue
    clock: Clock
    purse: Purse


def request_evaluation(
    command: EvaluateRecording,
    user_id: str,
    *,
    job_id: str,
    recording_key: str,
    jobs: JobQueue,
    clock: Clock,
) -> None:
    """Queue a recording that lies in the bucket; the same job id again is scored once.

    Raises:
        Unavailable: it could not be queued; again is safe.
    """
    jobs.enqueue(
        ScoreRecording(
            job_id=job_id,
            user_id=user_id,
            recording_key=recording_key,
            original_text=command.original_text,
            session_id=command.session_id,
            sent_at=timestamp(clock.now()),
        )
    )


def score_recording(job: ScoreRecording, *, ports: Examination) -> None:
    """Hear and score a recording, store the result, count it, and tell everybody concerned. Repetition counts once.

    What a run before this one stored is not scored again; all that follows from it is done again, harmlessly.

    A recording that cannot be read, is too long or gone, and a sentence without English, are told to the student;
    nothing is left of such a recording, nor of one that was cancelled.

    Raises:
        Unavailable: something did not answer; another run goes on where this one stopped.
        ScorerMissing: this worker cannot score.
    """
    if ports.tracker.is_cancelled(job.job_id):
        ports.purse.give_back(job.user_id, job.job_id)
        ports.recordings.delete(job.recording_key)
        return
    result_id = named_uuid(f"result\n{job.job_id}")
    learner = ports.learners.learner(job.user_id)
    found = ports.results.get(job.user_id, job.sent_at, result_id)
    if found is None:
        try:
            found = _scored(result_id, job, ports)
        except Invalid as refusal:
            ports.purse.give_back(job.user_id, job.job_id)
            ports.tracker.refuse(job.job_id, refusal)
            ports.recordings.delete(job.recording_key)
            return
        ports.results.add(found)
    ports.purse.settle(job.user_id, job.job_id, {Budget.TRANSCRIBED_SECONDS: ceil(found.scored.duration_ms / 1000)})
    _count(found, learner, ports)
    _let_go_of_recording(found, learner, ports)
    _show_tutors(found, learner, ports)
    ports.tracker.complete(job.job_id, shown_result(found, learner.language).wire())


def _scored(result_id: str, job: ScoreRecording, ports: Examination) -> PronunciationResult:
    ports.tracker.progress(job.job_id, "stored")
    content = ports.recordings.get(job.recording_key)
    if content is None:
        raise RecordingGone
    session = ports.sessions.get(job.session_id) if job.session_id else None
    with beside(lambda: _heard(job.recording_key, ports.transcriber)) as listened:
        scored = ports.scorer.score(
            content,
            job.original_text,
            transcript=listened,
            suspected=session.suspected if session else (),
            progress=lambda stage: ports.tracker.progress(job.job_id, stage),
        )
        transcript = listened()
    return PronunciationResult(
        result_id=result_id,
        user_id=job.user_id,
        session_id=job.session_id,
        original_text=job.original_text,
        transcribed_text=scored.heard if transcript is None else transcript,
        scored=scored,
        recording_key=job.recording_key,
        created_at=job.sent_at,
    )


def _heard(key: str, transcriber: Transcriber) -> str | None:
    """Return what the recogniser heard; None where it does not answer: the scorer has ears of its own."""
    try:
        return transcriber.hear(key).text
    except Unavailable:
        log.warning("practice.not_transcribed")
        return None


def _count(found: PronunciationResult, learner: Learner, ports: Examination) -> None:
    """Count a result on its day, in its session and in the notebook; each of them once a result."""
    scored = found.scored
    ports.jobs.enqueue(RecordEvent(event=_event(found, learner)))
    if found.session_id is not None:
        ports.sessions.touch(
            found.session_id,
            at=timestamp(ports.clock.now()),
            result_id=found.result_id,
            speaking_ms=scored.duration_ms,
            suspected=scored.suspicions,
        )
    if scored.is_graded:
        ports.jobs.enqueue(NoteMistake(mistake=_mistake(found)))


def _event(found: PronunciationResult, learner: Learner) -> LearningEvent:
    scored = found.scored
    words = sorted({one.word.casefold() for one in scored.words if one.status is WordStatus.CORRECT})
    return LearningEvent.of(
        f"practice-{found.result_id}",
        Activity.PRACTICE,
        found.user_id,
        instant(found.created_at),
        learner.time_zone,
        speaking_ms=scored.duration_ms,
        score_tenths=tenths(scored.overall) if scored.is_graded else None,
        words=words,
    )


def _mistake(found: PronunciationResult) -> Mistake:
    return Mistake(
        happening_id=f"result-{found.result_id}",
        user_id=found.user_id,
        kind=MistakeKind.PRONUNCIATION,
        said=found.transcribed_text or found.scored.heard,
        better=found.original_text,
        source="practice",
        score=found.scored.overall,
        at=found.created_at,
    )


def _show_tutors(found: PronunciationResult, learner: Learner, ports: Examination) -> None:
    """Push a result to the tutors who may see it; a push that is lost is found in the list."""
    for tutor_id in ports.learners.watching(learner):
        with suppress(Unavailable):
            ports.events.publish(user_topic(tutor_id), StudentResult.of(found, learner.email))


def _let_go_of_recording(found: PronunciationResult, learner: Learner, ports: Examination) -> None:
    """Delete the recording of a student who wants none kept."""
    if learner.keep_recordings or found.recording_key is None:
        return
    ports.recordings.delete(found.recording_key)
    ports.results.forget_recording(found)
