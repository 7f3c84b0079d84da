"""The rules of endings: the first end of a turn counts, and nothing is held for one that failed."""

from dataclasses import dataclass

from shared.domains.jobs.models import JobStatus
from shared.domains.turns.errors import retry_after_of
from shared.domains.turns.models import AI_CHAT, Answer, Ended, purposes_of
from shared.domains.turns.ports import TurnJobs, TurnLog
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import JobTracker, Purse

log = get_log()


@dataclass(frozen=True, slots=True)
class EndingTurns:
    """The end of turns, for the rules that answer them and for those that find them dead.

    While the log is away, a waiting client finds the end in the Job. What cannot be freed now is charged too much.
    """

    tracker: JobTracker
    records: TurnJobs
    log: TurnLog
    purse: Purse

    def fail(self, job_id: str, error: str) -> None:
        """Mark a Job FAILED; where it is a turn's, end that as failed and free what is held for it.

        Jobs that are unknown or completed change nothing, and so does a repetition. A turn that failed or was cancelled
        before ends with the code of that.

        Raises:
            Unavailable: the Job could not be marked.
        """
        self.tracker.fail(job_id, error)
        job = self.records.get(job_id)
        if job is None or job.kind != AI_CHAT or job.status is JobStatus.COMPLETED:
            return
        code = job.status.value if job.status is JobStatus.CANCELLED else job.error or error
        self.end(job_id, _failed(code, None))
        self.give_back(job_id, job.user_id)

    def refuse(self, turn_id: str, code: str, *, user_id: str, conversation_id: str) -> None:
        """End a turn as failed with a code, and its Job, and free what is held for it; again changes nothing.

        Raises:
            Unavailable: the Job could not be marked.
        """
        self.give_back(turn_id, user_id)
        self.end(turn_id, _failed(code, conversation_id))
        self.tracker.fail(turn_id, code)

    def end(self, turn_id: str, answer: Answer) -> None:
        """End a turn in the log, unless it has ended."""
        try:
            self.log.end(turn_id, answer)
        except Unavailable:
            log.warning("turn.end_not_logged", turnId=turn_id)

    def give_back(self, turn_id: str, user_id: str) -> None:
        """Free what is held for a turn; what was settled stays."""
        for purpose in purposes_of(turn_id):
            try:
                self.purse.give_back(user_id, purpose)
            except Unavailable:
                log.warning("turn.not_given_back", turnId=turn_id)


def _failed(code: str, conversation_id: str | None) -> Answer:
    return Answer(conversation_id=conversation_id, status=Ended.FAILED, error=code, retry_after=retry_after_of(code))
