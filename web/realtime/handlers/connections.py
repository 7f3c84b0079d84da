"""What happens when a connection opens and closes."""

import time
from datetime import timedelta

import gevent

from shared.domains.connections.contract import ClosedConnection, Connected
from shared.domains.connections.models import ConnectionKind, ConnectionRecord
from shared.domains.messages.contract import PresenceChanged
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.times import epoch_seconds, timestamp
from shared.kernel.topics import room_topic, session_topic, user_topic
from web.realtime.feed import Mark
from web.realtime.handlers.feedback import WaitingFeedback
from web.realtime.session import Session

RESUME_SECONDS = 0.2
RECORD_SECONDS = {ConnectionKind.ROOM: 3_600, ConnectionKind.USER: 86_400}
REVOKED_CODE = 4401
SURPLUS_CODE = 4429
LEFT_CODE, GONE_CODE = 4403, 4404
SURPLUS_SECONDS = 5.0
NO_LIMIT = 1_000_000

log = get_log()


def room_opened(session: Session) -> None:
    """Listen to the room without a gap, say where it stands, and tell the others who came.

    Pushes wait for a moment, so that a client that resumes gets everything in order.
    """
    process, ports, room_id = session.process, session.ports, session.room_id
    process.sessions.add(session)
    _listen_for_orders(session)
    feed = process.hub.join(room_topic(room_id), session, hold=True)
    session.feed = feed
    _leave_unless_member(session)
    head = ports.room_log.head(room_id) or ports.room_log.restore(room_id, above=ports.messages.highest(room_id))
    if feed.epoch is None:
        feed.begin(head.epoch, head.last_seq)
    session.baseline = Mark(feed.epoch, feed.seq)
    session.answer(Connected(connection_id=session.connection_id, room_id=room_id, last_seq=feed.seq, epoch=feed.epoch))
    gevent.spawn_later(RESUME_SECONDS, session.settle)
    record(session)
    _count_room(session)
    gevent.spawn_later(SURPLUS_SECONDS, _count_room, session)
    _tell_presence(session, ports.presence.enter(room_id, session.user_id, session.connection_id))


def room_closed(session: Session) -> None:
    """Stop listening and tell the others who went."""
    session.process.typists.leave(session)
    _forget(session)
    session.process.hub.leave(room_topic(session.room_id), session)
    try:
        session.ports.channels.close_room(session.user_id, session.connection_id)
        present = session.ports.presence.leave(session.room_id, session.user_id, session.connection_id)
    except Unavailable:
        log.warning("presence.not_left", connectionId=session.connection_id)
        return
    _tell_presence(session, present)


def user_opened(session: Session) -> None:
    """Listen to the user's own topic; the earliest channel beyond what is allowed is closed."""
    process, ports = session.process, session.ports
    process.sessions.add(session)
    _listen_for_orders(session)
    waiting = WaitingFeedback(session)
    waiting.listen()
    # Held until the first frame is out, which says which connection this is.
    feed = process.hub.join(user_topic(session.user_id), session, hold=True)
    session.answer(Connected(connection_id=session.connection_id))
    feed.release(session)
    record(session)
    surplus = ports.channels.open(
        session.user_id,
        session.connection_id,
        session.connected_at.timestamp(),
        allowed=ports.settings.connections_per_user,
    )
    _close_surplus(session, surplus)
    waiting.deliver()


def user_closed(session: Session) -> None:
    """Stop listening."""
    process = session.process
    _forget(session)
    process.watches.leave(session.connection_id)
    process.hub.leave(user_topic(session.user_id), session)
    try:
        session.ports.channels.close(session.user_id, session.connection_id)
    except Unavailable:
        log.warning("channel.not_closed", connectionId=session.connection_id)


def record(session: Session) -> None:
    """Have the connection recorded, or its record renewed."""
    ports, holder = session.ports, session.holder
    now = ports.clock.now()
    session.process.recording.add(
        ConnectionRecord(
            connection_id=session.connection_id,
            kind=holder.kind,
            user_id=holder.user_id,
            room_id=holder.room_id,
            session_id=holder.session_id,
            gateway_id=ports.gateway_id,
            connected_at=timestamp(session.connected_at),
            last_activity=timestamp(now),
            ttl=epoch_seconds(now + timedelta(seconds=RECORD_SECONDS[holder.kind])),
        ),
        _ignore,
    )


def _count_room(session: Session) -> None:
    """Note a room connection; at the second time, close the user's earliest beyond what is allowed.

    The pause lets a page that was reloaded, or a phone that changed networks, lose its old connections by itself first.
    """
    if session.connection.closed:
        return
    ports, connected = session.ports, session.connected_at.timestamp()
    is_first = time.monotonic() - session.recorded_at < SURPLUS_SECONDS / 2
    most = NO_LIMIT if is_first else ports.settings.rooms_per_user
    try:
        surplus = ports.channels.open_room(session.user_id, session.connection_id, connected, allowed=most)
        _close_surplus(session, surplus)
    except Unavailable:
        log.warning("rooms.not_counted", connectionId=session.connection_id)


def _close_surplus(session: Session, surplus: list[str]) -> None:
    for connection_id in surplus:
        session.ports.events.close(
            session_topic(session.user_id), SURPLUS_CODE, reason="too many connections", connection_id=connection_id
        )


def _leave_unless_member(session: Session) -> None:
    """Look again, now that orders are heard, whether the room is there and its holder in it.

    A ticket may be redeemed while its holder leaves, or while the room is deleted: the order to close has gone by then.
    """
    room = session.ports.rooms.get(session.room_id)
    if room is None:
        session.connection.close(GONE_CODE, "the room is gone")
    elif not room.has(session.user_id):
        session.connection.close(LEFT_CODE, "left the room")


def _listen_for_orders(session: Session) -> None:
    """Hear orders to close, then look whether one came before."""
    session.process.hub.join(session_topic(session.user_id), session)
    if session.ports.revocations.is_revoked(session.holder.session_id):
        session.connection.close(REVOKED_CODE, "signed out")


def _forget(session: Session) -> None:
    process = session.process
    process.sessions.discard(session)
    process.hub.leave(session_topic(session.user_id), session)
    closed = ClosedConnection(connection_id=session.connection_id, gateway_id=session.ports.gateway_id)
    process.removing.add(closed, _ignore)


def _tell_presence(session: Session, members: list[str] | None) -> None:
    if members is not None:
        session.ports.events.publish(room_topic(session.room_id), PresenceChanged(members=members))


def _ignore(problem: DomainError | None) -> None:
    """A record that was not queued goes with the next round, and a removal with the sweep."""
    if problem is not None:
        log.warning("connection.not_recorded", problem=problem.code)
