"""The rules of hearing a recording that is not said to the partner yet: the student looks at the words first."""

from math import ceil

from shared.domains.turns.contract import HearRecording, RecordingHeard, TranscribeRecording
from shared.domains.turns.models import Recording
from shared.domains.turns.ports import Recordings
from shared.domains.turns.rules.answering import LONGEST_HEARD, LONGEST_RECORDING
from shared.domains.turns.rules.run import Answering
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Invalid
from shared.kernel.isolation import undoing
from shared.kernel.logs import get_log
from shared.kernel.ports import JobQueue, JobTracker
from shared.kernel.texts import plain

log = get_log()

HEARING = "hearing"
"""The kind of the jobs that clients ask about."""
_NOTHING = RecordingHeard(transcript="", seconds=0)


def hear_recording(
    command: HearRecording,
    *,
    user_id: str,
    job_id: str,
    tracker: JobTracker,
    recordings: Recordings,
    jobs: JobQueue,
) -> None:
    """Put a recording into the bucket and have it written down; the same job id again is the same recording.

    Raises:
        UnreadableAudio: it is no base64, or no file of a kind that is taken.
        RecordingTooLarge: more than 10 MiB.
        Unavailable: it could not be stored or queued; asking again with the same job id is safe.
    """
    recording = Recording.read(command.audio_data)
    key = f"user-audio/{user_id}/{job_id}.{recording.extension}"
    recordings.put(key, recording.content, recording.content_type)
    tracker.record(job_id, HEARING, user_id)
    jobs.enqueue(TranscribeRecording(job_id=job_id, user_id=user_id, audio_key=key))


def transcribe_recording(job: TranscribeRecording, *, on: Answering) -> None:
    """Write down a recording, paid from the day's budget, and tell the client; again changes nothing.

    Raises:
        Unavailable: nobody hears now; another run may, and nothing was spent.
    """
    if on.tracker.is_cancelled(job.job_id):
        return
    states = on.purse.hold(job.user_id, job.job_id, {Kind.TRANSCRIBED_SECONDS: LONGEST_RECORDING})
    if BudgetState.SPENT in states.values():
        on.tracker.complete(job.job_id, _NOTHING.wire())
        return
    with undoing(on.purse.give_back, job.user_id, job.job_id):
        heard = _heard(job, on)
    on.purse.settle(job.user_id, job.job_id, {Kind.TRANSCRIBED_SECONDS: ceil(heard.seconds)})
    on.tracker.complete(job.job_id, heard.wire())


def _heard(job: TranscribeRecording, on: Answering) -> RecordingHeard:
    try:
        heard = on.transcriber.hear(job.audio_key)
    except Invalid as problem:
        log.info("recording.not_heard", jobId=job.job_id, problem=type(problem).__name__)
        return _NOTHING
    text = plain(heard.text, LONGEST_HEARD)
    return RecordingHeard(transcript=text, confidence=heard.confidence, seconds=heard.seconds)
