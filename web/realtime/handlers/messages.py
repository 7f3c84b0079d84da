"""Frames of a room connection: talk, typing, presence, resume."""

from shared.domains.messages.contract import (
    MessageItem,
    Ping,
    Pong,
    PostMessage,
    PresenceList,
    ResumeRoom,
    ShowPresence,
    ShowTyping,
    TypingShown,
)
from shared.domains.messages.models import Author, Message, Posted
from shared.domains.messages.rules import posting, reading
from shared.kernel.contract import Contract
from shared.kernel.errors import DomainError
from shared.kernel.topics import room_topic
from web.realtime.feed import NOTHING_TOLD, Mark
from web.realtime.frames import ack_frame, frame_of
from web.realtime.handling import answers
from web.realtime.session import Session
from web.realtime.tally import TALLY


@answers(PostMessage)
def post_message(command: PostMessage, session: Session) -> None:
    """Show a message to the room at once, queue it, and acknowledge it when the queue has it."""
    ports = session.ports
    posted = posting.post_message(
        command,
        Author(session.user_id, session.room_id),
        fresh_id=ports.ids.new() if command.request_id is None else "",
        log=ports.room_log,
        messages=ports.messages,
        sign=ports.uploads.signed_url,
        freeze=ports.uploads.freeze,
        clock=ports.clock,
    )
    persist(session, command.request_id, posted)


def persist(session: Session, request_id: str | None, posted: Posted) -> None:
    """Queue what was shown, unless that was done before, and acknowledge it when the queue has it."""
    message = posted.message
    if posted.is_queued:
        _acknowledge(session, request_id, message)
        return

    def done(problem: DomainError | None) -> None:
        if problem is None:
            _acknowledge(session, request_id, message)
        else:
            session.refuse(problem, request_id)

    session.process.storing.add(message, done, request_id)


def _acknowledge(session: Session, request_id: str | None, message: Message) -> None:
    if request_id is not None:
        session.connection.send(ack_frame(request_id, message))


@answers(ShowTyping)
def show_typing(command: ShowTyping, session: Session) -> None:
    """Tell the others; it ends by itself."""
    session.process.typists.note(session, command.is_typing)
    event = TypingShown(user_id=session.user_id, is_typing=command.is_typing)
    session.ports.events.publish(room_topic(session.room_id), event, except_user=session.user_id)


@answers(ShowPresence)
def show_presence(command: ShowPresence, session: Session) -> Contract:
    """Answer who is here."""
    members = session.ports.presence.present(session.room_id)
    return PresenceList(request_id=command.request_id, members=members)


@answers(ResumeRoom)
def resume_room(command: ResumeRoom, session: Session) -> None:
    """Push what was missed, then say so; what is pushed meanwhile waits, so that order holds."""
    ports, feed = session.ports, session.feed
    assert feed is not None
    feed.hold(session)
    told = NOTHING_TOLD
    try:
        missed, answer = reading.resume(command, session.room_id, log=ports.room_log, messages=ports.messages)
        for message in missed:
            url = ports.uploads.signed_url(message.key) if message.key else None
            session.connection.send(frame_of(MessageItem.of(message, url)))
        session.answer(answer)
        TALLY.resumes[answer.action.lower()] += 1
        told = Mark(answer.epoch, answer.last_seq)
    finally:
        feed.release(session, told)


@answers(Ping)
def ping(command: Ping, _session: Session) -> Contract:
    """Answer that the gateway is there."""
    return Pong(request_id=command.request_id)
