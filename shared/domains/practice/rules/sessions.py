"""Sessions: begun, ended once, ended for clients that vanished, and counted."""

from datetime import datetime, timedelta

from shared.domains.practice.contract import CountSession, EndSession, EndSessions, SessionItem, StartSession
from shared.domains.practice.errors import SessionEnded, SessionNotFound
from shared.domains.practice.models import LearningSession
from shared.domains.practice.ports import Learners, SessionStore
from shared.domains.statistics.contract import RecordEvent
from shared.domains.statistics.models import Activity, LearningEvent
from shared.kernel.errors import DomainError
from shared.kernel.logs import get_log
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.times import instant, timestamp

IDLE_SECONDS = 3600
"""After so long without a recording the client of a session is taken for gone."""
SWEPT_AT_ONCE = 200

log = get_log()


def start_session(
    command: StartSession, user_id: str, *, session_id: str, sign_in: str, sessions: SessionStore, clock: Clock
) -> LearningSession:
    """Begin a session and return it; the same id again returns the one that is there."""
    now = timestamp(clock.now())
    begun = LearningSession(
        session_id=session_id,
        user_id=user_id,
        sign_in=sign_in,
        session_type=command.session_type,
        metadata=command.metadata,
        start_time=now,
        last_activity_at=now,
    )
    sessions.add(begun)
    return sessions.get(session_id) or begun


def own_session(session_id: str, user_id: str, *, sessions: SessionStore) -> LearningSession:
    """Return a session to its student.

    Raises:
        SessionNotFound: there is none, or it is somebody else's.
    """
    found = sessions.get(session_id)
    if found is None or found.user_id != user_id:
        raise SessionNotFound
    return found


def open_session(session_id: str, user_id: str, *, sessions: SessionStore) -> LearningSession:
    """Return a session that still takes something.

    Raises:
        SessionNotFound: there is none, or it is somebody else's.
        SessionEnded: it has ended.
    """
    found = own_session(session_id, user_id, sessions=sessions)
    if found.has_ended:
        raise SessionEnded
    return found


def end_session(
    command: EndSession, user_id: str, *, sessions: SessionStore, jobs: JobQueue, clock: Clock
) -> LearningSession:
    """End a session now and have it counted; again returns it as it ended, and counts nothing again.

    Raises:
        SessionNotFound: there is none, or it is somebody else's.
        Unavailable: it may have ended, and a sweep counts it then; ending again is safe.
    """
    found = own_session(command.session_id, user_id, sessions=sessions)
    return _ended(found, clock.now(), command.speaking_duration, sessions=sessions, jobs=jobs)


def list_sessions(user_id: str, *, position: Position | None, limit: int, sessions: SessionStore) -> Page[SessionItem]:
    """Return a student's sessions, newest first."""
    page = sessions.list_of(user_id, position=position, limit=limit)
    return Page([SessionItem.of(one) for one in page.items], page.position)


def end_sessions(job: EndSessions, *, sessions: SessionStore, jobs: JobQueue, clock: Clock) -> int:
    """End the open sessions of a person, those of one sign-in where it is named, and return how many there were."""
    found = [one for one in sessions.open_of(job.user_id) if job.sign_in in (None, one.sign_in)]
    for one in found:
        _ended(one, clock.now(), None, sessions=sessions, jobs=jobs)
    return len(found)


def sweep_sessions(*, sessions: SessionStore, jobs: JobQueue, clock: Clock) -> int:
    """End what is idle for an hour at its last activity, count what was not counted, and return how many there were.

    A session that cannot be ended is logged and left to the next sweep; it stops no other.
    """
    before = timestamp(clock.now() - timedelta(seconds=IDLE_SECONDS))
    found = sessions.waiting(before, limit=SWEPT_AT_ONCE)
    for session_id in found:
        try:
            _swept(session_id, sessions=sessions, jobs=jobs)
        except DomainError as problem:
            log.warning("practice.session_not_swept", sessionId=session_id, problem=problem.code)
    return len(found)


def count_session(job: CountSession, *, sessions: SessionStore, learners: Learners, jobs: JobQueue) -> None:
    """Have a session that has ended counted on the day on which it ended; again it is counted once all the same."""
    found = sessions.get(job.session_id)
    if found is None or found.ended_at is None:
        return
    zone = learners.learner(found.user_id).time_zone
    event = LearningEvent.of(
        f"session-{found.session_id}",
        Activity.SESSION,
        found.user_id,
        instant(found.ended_at),
        zone,
        session_seconds=found.duration or 0,
    )
    jobs.enqueue(RecordEvent(event=event))
    sessions.count_off(found.session_id)


def _swept(session_id: str, *, sessions: SessionStore, jobs: JobQueue) -> None:
    found = sessions.get(session_id)
    if found is not None:
        _ended(found, instant(found.last_activity_at), None, sessions=sessions, jobs=jobs)


def _ended(
    found: LearningSession, at: datetime, speaking: float | None, *, sessions: SessionStore, jobs: JobQueue
) -> LearningSession:
    if not found.has_ended:
        ended = found.model_copy(update=_ending(found, at, speaking))
        found = ended if sessions.end(ended) else sessions.get(found.session_id) or ended
    jobs.enqueue(CountSession(session_id=found.session_id))
    return found


def _ending(found: LearningSession, at: datetime, speaking: float | None) -> dict[str, object]:
    """Return how a session ends; a clock that went back makes no negative duration."""
    began = instant(found.start_time)
    end = max(at, began)
    return {
        "ended_at": timestamp(end),
        "duration": round((end - began).total_seconds()),
        "speaking_duration": found.speaking_ms / 1000 if speaking is None else speaking,
    }
