"""Who is typing in a room, from the frame to the bus without a greenlet, as plain words go (`quick_posts`).

Nothing is kept and nobody is answered. Whatever is unusual about a frame (a number for a yes, an unknown field, a
`userId` that is somebody else's) is left to the handler of ShowTyping, which says what is wrong or does it.
"""

from typing import Any

import orjson

from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import room_topic
from web.realtime.frames import is_plain
from web.realtime.session import Session
from web.realtime.sockets.port import Later, Taken

ACTION = "typing"
_FIELDS = frozenset({"action", "requestId", "userId", "isTyping"})
_JSON = {True: b"true", False: b"false"}

log = get_log()


def typing_shown(fields: dict[str, Any], user_id: str) -> bool | None:
    """Return whether a frame's fields say that its user is typing or no more; None where ShowTyping must judge them."""
    is_typing = fields.get("isTyping")
    if type(is_typing) is not bool or fields.get("userId", user_id) != user_id or not is_plain(fields, _FIELDS):
        return None
    return is_typing


def typing_payload(user_id: str, is_typing: bool) -> bytes:
    """Return the JSON of a TypingShown, written by hand: at every key that somebody presses one may go out."""
    return b'{"type":"typing","userId":%s,"isTyping":%s}' % (orjson.dumps(user_id), _JSON[is_typing])


def push_in_hub(fields: dict[str, Any], message: bytes, session: Session, later: Later) -> Taken:
    """Tell the others soon that somebody is typing, or leave the frame.

    Later frames of the connection wait until the bus has it, as they do behind a message: they may go another way.
    """
    is_typing = typing_shown(fields, session.user_id)
    if is_typing is None or not session.limit.admit():
        return Taken.NO
    session.settle()

    def told(outcome: int | Unavailable | None) -> None:
        if outcome is None:
            session.limit.take_back()
        elif isinstance(outcome, Unavailable):
            log.warning("event.lost", topic=room_topic(session.room_id), connectionId=session.connection_id)
        later.go_on(message if outcome is None else None)

    payload = typing_payload(session.user_id, is_typing)
    if session.gateway.log.push_soon(session.room_id, payload, except_user=session.user_id, told=told):
        return Taken.SOON
    session.limit.take_back()
    return Taken.NO
