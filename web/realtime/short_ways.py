"""Usual frames of the most frequent actions, from the frame to its effect on the event loop, without a greenlet.

Nine of ten frames of a busy gateway are plain words in a room, or say that somebody is typing. Whatever is unusual
about one (an upload, a null, an unknown or wrong field, a `userId` that is somebody else's, a room that Redis has just
lost) is left to the action's handler, which says what is wrong or does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from shared.domains.messages.models import Author, Posted, Unsettled
from shared.domains.messages.rules import posting
from shared.kernel.characters import is_visible
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import room_topic
from web.realtime.frames import is_plain
from web.realtime.handlers.messages import persist
from web.realtime.session import Quick, Session
from web.realtime.sockets.port import Later, Taken
from web.realtime.sockets.wire import HANDLER_FAILED
from web.realtime.tally import OK, TALLY

_TYPE = "TEXT"
_JSON = {True: b"true", False: b"false"}

Fields = dict[str, Any]
Finish = Callable[[Callable[[], bool]], None]
"""Ends a short way, once: what it is given answers the client, and tells whether that was all or the handler must."""

log = get_log()


@dataclass(frozen=True, slots=True)
class ShortWay:
    """How the usual frames of an action are taken.

    `names` are the fields that such a frame may have. `read` returns what they say, None where the contract must judge
    them. `begin` has it done soon, or returns False where that cannot be now; later frames of the connection wait.
    """

    names: frozenset[str]
    read: Callable[[Fields, Session], Any]
    begin: Callable[[Any, Session, Finish], bool]

    def take(self, fields: Fields, message: bytes, session: Session, later: Later) -> Taken:
        """Do what a frame asks soon, or leave the frame; either way it is counted once."""
        said = self.read(fields, session) if is_plain(fields, self.names) else None
        if said is None or not session.limit.admit():
            return Taken.NO
        session.settle()

        def finish(answered: Callable[[], bool]) -> None:
            is_all = True
            try:
                is_all = answered()
            except Exception:  # the product's bug ends its own connection
                log.exception("frame.not_answered", connectionId=session.connection_id)
                session.connection.close(HANDLER_FAILED)
            if not is_all:
                session.limit.take_back()
            later.go_on(None if is_all else message)

        if self.begin(said, session, finish):
            TALLY.frames[fields["action"], OK] += 1
            return Taken.SOON
        session.limit.take_back()
        return Taken.NO


class PlainWords(NamedTuple):
    """What a PostMessage says that has neither key nor kind."""

    content: str
    request_id: str | None


def plain_words(fields: Fields, session: Session) -> PlainWords | None:
    """Return what a frame's fields say in its connection's room; None where PostMessage must judge them."""
    if fields.get("roomId") != session.room_id or fields.get("messageType", _TYPE) != _TYPE:
        return None
    content = fields.get("content")
    if type(content) is not str or not 0 < len(content) <= posting.LONGEST_CONTENT or not is_visible(content):
        return None
    return PlainWords(content, fields.get("requestId"))


def post_words(words: PlainWords, session: Session, finish: Finish) -> bool:
    """Post plain words soon."""
    ports, request_id = session.ports, words.request_id
    author = Author(session.user_id, session.room_id)
    fresh_id = ports.ids.new() if request_id is None else ""
    draft = posting.text_draft(words.content, request_id, author, fresh_id=fresh_id)

    def told(outcome: Posted | Unsettled | Unavailable | None) -> None:
        finish(lambda: _answered(session, request_id, outcome))

    return ports.room_log.post_soon(draft, is_verified=request_id is None, told=told)


def _answered(session: Session, request_id: str | None, outcome: Posted | Unsettled | Unavailable | None) -> bool:
    """Answer the sender; tell whether that is all, else the handler must post."""
    if isinstance(outcome, Posted):
        persist(session, request_id, outcome)
    elif isinstance(outcome, Unavailable):
        session.refuse(outcome, request_id)
    else:
        return False
    return True


def typing_shown(fields: Fields, session: Session) -> bool | None:
    """Return whether a frame's fields say that its user is typing or no more; None where ShowTyping must judge them."""
    is_typing = fields.get("isTyping")
    if type(is_typing) is not bool or fields.get("userId", session.user_id) != session.user_id:
        return None
    return is_typing


def typing_payload(user_id: str, is_typing: bool) -> bytes:
    """Return the JSON of a TypingShown, written by hand: at every key that somebody presses one may go out."""
    return b'{"type":"typing","userId":%s,"isTyping":%s}' % (orjson.dumps(user_id), _JSON[is_typing])


def push_typing(is_typing: bool, session: Session, finish: Finish) -> bool:
    """Tell the others soon; nobody is answered."""
    session.process.typists.note(session, is_typing)

    def told(outcome: int | Unavailable | None) -> None:
        if isinstance(outcome, Unavailable):
            log.warning("event.lost", topic=room_topic(session.room_id), connectionId=session.connection_id)
        finish(lambda: outcome is not None)

    payload = typing_payload(session.user_id, is_typing)
    return session.ports.room_log.push_soon(session.room_id, payload, except_user=session.user_id, told=told)


WORDS = ShortWay(frozenset({"action", "requestId", "roomId", "content", "messageType"}), plain_words, post_words)
TYPING = ShortWay(frozenset({"action", "requestId", "userId", "isTyping"}), typing_shown, push_typing)
SHORT_WAYS: dict[str, Quick] = {"sendMessage": WORDS.take, "typing": TYPING.take}
