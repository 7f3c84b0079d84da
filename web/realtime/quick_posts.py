"""Plain words in a room, from the frame to the acknowledgement without a greenlet.

Nine of ten frames of a busy gateway are these. Whatever is unusual about one (an upload, a null, an unknown or wrong
field, a room that Redis has just lost) is left to the handler of PostMessage, which says what is wrong or does it.
"""

from typing import Any, NamedTuple

from shared.domains.messages.models import Author, Posted, Unsettled
from shared.domains.messages.rules import posting
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from web.realtime.frames import is_plain
from web.realtime.handlers.messages import persist
from web.realtime.session import Session
from web.realtime.sockets.port import Later, Taken
from web.realtime.sockets.wire import HANDLER_FAILED

ACTION = "sendMessage"
_TYPE = "TEXT"
_FIELDS = frozenset({"action", "requestId", "roomId", "content", "messageType"})

log = get_log()


class PlainWords(NamedTuple):
    """What a PostMessage says that has neither key nor kind."""

    content: str
    request_id: str | None


def plain_words(fields: dict[str, Any], room_id: str) -> PlainWords | None:
    """Return what a frame's fields say in its connection's room; None where PostMessage must judge them."""
    if fields.get("roomId") != room_id or fields.get("messageType", _TYPE) != _TYPE or not is_plain(fields, _FIELDS):
        return None
    content = fields.get("content")
    if type(content) is not str or not 0 < len(content) <= posting.LONGEST_CONTENT or content.isspace():
        return None
    return PlainWords(content, fields.get("requestId"))


def post_in_hub(fields: dict[str, Any], message: bytes, session: Session, later: Later) -> Taken:
    """Post a frame's plain words soon, or leave the frame."""
    words = plain_words(fields, session.room_id)
    if words is None or not session.limit.admit():
        return Taken.NO
    gateway, request_id = session.gateway, words.request_id
    session.settle()
    author = Author(session.user_id, session.room_id)
    fresh_id = gateway.ids.new() if request_id is None else ""
    draft = posting.text_draft(words.content, request_id, author, fresh_id=fresh_id)

    def told(outcome: Posted | Unsettled | Unavailable | None) -> None:
        again: bytes | None = message
        try:
            again = None if _answered(session, request_id, outcome) else message
        except Exception:  # the product's bug ends its own connection
            log.exception("message.not_answered", connectionId=session.connection_id)
            session.connection.close(HANDLER_FAILED)
        finally:
            later.go_on(again)

    if gateway.log.post_soon(draft, is_verified=request_id is None, told=told):
        return Taken.SOON
    session.limit.take_back()
    return Taken.NO


def _answered(session: Session, request_id: str | None, outcome: Posted | Unsettled | Unavailable | None) -> bool:
    """Answer the sender; tell whether that is all, else the handler must post."""
    if isinstance(outcome, Posted):
        persist(session, request_id, outcome)
    elif isinstance(outcome, Unavailable):
        session.refuse(outcome, request_id, ACTION)
    else:
        session.limit.take_back()
        return False
    return True
