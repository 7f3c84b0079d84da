"""What happens when a connection opens and closes."""

from datetime import timedelta

import gevent

from shared.domains.connections.contract import ClosedConnection, Connected
from shared.domains.connections.models import ConnectionKind, ConnectionRecord
from shared.domains.messages.contract import PresenceChanged
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.times import epoch_seconds, timestamp
from shared.kernel.topics import room_topic, session_topic, user_topic
from web.realtime.handlers.feedback import deliver_waiting
from web.realtime.session import Session

RESUME_SECONDS = 0.2
RECORD_SECONDS = {ConnectionKind.ROOM: 3_600, ConnectionKind.USER: 86_400}
REVOKED_CODE = 4401
SURPLUS_CODE = 4429

log = get_log()


def room_opened(session: Session) -> None:
    """Listen to the room without a gap, say where it stands, and tell the others who came.

    Pushes wait for a moment, so that a client that resumes gets everything in order.
    """
    gateway, room_id = session.gateway, session.room_id
    gateway.sessions.add(session)
    _listen_for_orders(session)
    feed = gateway.hub.join(room_topic(room_id), session, hold=True)
    session.feed = feed
    head = gateway.log.head(room_id) or gateway.log.restore(room_id, above=gateway.messages.highest(room_id))
    if feed.epoch is None:
        feed.epoch, feed.seq = head.epoch, head.last_seq
    session.baseline = feed.seq
    session.answer(
        Connected(connection_id=session.connection_id, room_id=room_id, last_seq=session.baseline, epoch=feed.epoch)
    )
    gevent.spawn_later(RESUME_SECONDS, session.settle)
    record(session)
    _tell_presence(session, gateway.presence.enter(room_id, session.user_id, session.connection_id))


def room_closed(session: Session) -> None:
    """Stop listening and tell the others who went."""
    gateway = session.gateway
    _forget(session)
    gateway.hub.leave(room_topic(session.room_id), session)
    try:
        present = gateway.presence.leave(session.room_id, session.user_id, session.connection_id)
    except Unavailable:
        log.warning("presence.not_left", connectionId=session.connection_id)
        return
    _tell_presence(session, present)


def user_opened(session: Session) -> None:
    """Listen to the user's own topic; the earliest channel beyond what is allowed is closed."""
    gateway, settings = session.gateway, session.gateway.settings
    gateway.sessions.add(session)
    _listen_for_orders(session)
    # Held until the first frame is out, which says which connection this is.
    feed = gateway.hub.join(user_topic(session.user_id), session, hold=True)
    session.answer(Connected(connection_id=session.connection_id))
    gateway.hub.release(feed, session, after=0)
    record(session)
    surplus = gateway.channels.open(
        session.user_id,
        session.connection_id,
        session.connected_at.timestamp(),
        allowed=settings.connections_per_user,
    )
    for connection_id in surplus:
        gateway.events.close(
            session_topic(session.user_id), SURPLUS_CODE, reason="too many channels", connection_id=connection_id
        )
    deliver_waiting(session)


def user_closed(session: Session) -> None:
    """Stop listening."""
    gateway = session.gateway
    _forget(session)
    gateway.watches.leave(session.connection_id)
    gateway.hub.leave(user_topic(session.user_id), session)
    try:
        gateway.channels.close(session.user_id, session.connection_id)
    except Unavailable:
        log.warning("channel.not_closed", connectionId=session.connection_id)


def record(session: Session) -> None:
    """Have the connection recorded, or its record renewed."""
    gateway, holder = session.gateway, session.holder
    now = gateway.clock.now()
    gateway.records.add(
        ConnectionRecord(
            connection_id=session.connection_id,
            kind=holder.kind,
            user_id=holder.user_id,
            room_id=holder.room_id,
            session_id=holder.session_id,
            gateway_id=gateway.gateway_id,
            connected_at=timestamp(session.connected_at),
            last_activity=timestamp(now),
            ttl=epoch_seconds(now + timedelta(seconds=RECORD_SECONDS[holder.kind])),
        ),
        _ignore,
    )


def _listen_for_orders(session: Session) -> None:
    """Hear orders to close, then look whether one came before."""
    gateway = session.gateway
    gateway.hub.join(session_topic(session.user_id), session)
    if gateway.revocations.is_revoked(session.holder.session_id):
        session.connection.close(REVOKED_CODE, "signed out")


def _forget(session: Session) -> None:
    gateway = session.gateway
    gateway.sessions.discard(session)
    gateway.hub.leave(session_topic(session.user_id), session)
    closed = ClosedConnection(connection_id=session.connection_id, gateway_id=gateway.gateway_id)
    gateway.removals.add(closed, _ignore)


def _tell_presence(session: Session, members: list[str] | None) -> None:
    if members is not None:
        session.gateway.events.publish(room_topic(session.room_id), PresenceChanged(members=members))


def _ignore(problem: DomainError | None) -> None:
    """A record that was not queued goes with the next round, and a removal with the sweep."""
    if problem is not None:
        log.warning("connection.not_recorded", problem=problem.code)
