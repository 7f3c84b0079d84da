"""Feedback that waited for its student, pushed when a channel opens."""

import gevent
import orjson

from shared.domains.feedback.contract import FeedbackPushed
from shared.domains.feedback.rules.storing import deliver_waiting as note_delivered
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import user_topic
from web.realtime.frames import frame_of
from web.realtime.session import Session

SECOND_LOOK_SECONDS = 2.0
"""An index shows what was stored a moment ago a little late; the job that stored it may have seen no channel yet."""
_TYPE = b'"type":"feedback"'

log = get_log()


class WaitingFeedback:
    """What one channel is told of feedback while it opens: by the bus, and by the table, each once.

    A tutor may send while the channel opens: then the bus brings what the table still has for undelivered.
    """

    def __init__(self, session: Session) -> None:
        """Prepare; `listen` comes before the channel itself listens."""
        self._session = session
        self._told: set[str] = set()
        self._noted: set[str] = set()

    def listen(self) -> None:
        """Note what the bus brings, from now on until the second look.

        Raises:
            Unavailable: the bus did not confirm in time.
        """
        self._session.process.hub.wait(user_topic(self._session.user_id), self)

    def push(self, payload: bytes) -> None:
        """Note feedback that the bus brings to the channel."""
        if _TYPE in payload:
            self._told.add(str(orjson.loads(payload).get("feedback_id")))

    def deliver(self) -> None:
        """Push what waited, soon and once more a little later; the channel is not held up."""
        gevent.spawn(self.look)
        gevent.spawn_later(SECOND_LOOK_SECONDS, self._look_again)

    def look(self) -> None:
        """Push what the table has for undelivered and nobody told this channel, and note it as delivered."""
        session = self._session
        if session.connection.closed:
            return
        try:
            undelivered = session.ports.feedback.undelivered(session.user_id)
            found = [one for one in undelivered if one.feedback_id not in self._noted]
            self._noted.update(one.feedback_id for one in found)
            for one in found:
                if one.feedback_id not in self._told:
                    self._told.add(one.feedback_id)
                    session.connection.send(frame_of(FeedbackPushed.of(one)))
            if not session.connection.closed:
                note_delivered(found, channels=session.process.live, jobs=session.ports.jobs)
        except Unavailable as problem:
            # It stays undelivered, and is pushed again when a channel opens.
            log.warning("feedback.not_delivered", problem=problem.code)

    def _look_again(self) -> None:
        try:
            self.look()
        finally:
            self._session.process.hub.leave(user_topic(self._session.user_id), self)
