"""Feedback that waited for its student, pushed when a channel opens."""

import gevent

from shared.domains.feedback.contract import FeedbackPushed
from shared.domains.feedback.rules.storing import deliver_waiting as note_delivered
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from web.realtime.frames import frame_of
from web.realtime.session import Session

SECOND_LOOK_SECONDS = 2.0
"""An index shows what was stored a moment ago a little late; the job that stored it may have seen no channel yet."""

log = get_log()


def deliver_waiting(session: Session) -> None:
    """Push what waited, soon and once more a little later; the channel is not held up."""
    pushed: set[str] = set()
    gevent.spawn(_deliver, session, pushed)
    gevent.spawn_later(SECOND_LOOK_SECONDS, _deliver, session, pushed)


def _deliver(session: Session, pushed: set[str]) -> None:
    ports = session.ports
    if session.connection.closed:
        return
    try:
        waiting = ports.feedback.undelivered(session.user_id)
        found = [one for one in waiting if one.feedback_id not in pushed]
        pushed.update(one.feedback_id for one in found)
        for one in found:
            session.connection.send(frame_of(FeedbackPushed.of(one)))
        if not session.connection.closed:
            note_delivered(found, channels=session.process.live, jobs=ports.jobs)
    except Unavailable as problem:
        # It stays undelivered, and is pushed again when a channel opens.
        log.warning("feedback.not_delivered", problem=problem.code)
