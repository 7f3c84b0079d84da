"""A client's ping, answered on the event loop."""

from typing import Any

from shared.domains.messages.contract import Pong
from web.realtime.frames import is_plain
from web.realtime.session import Session
from web.realtime.sockets.port import Later, Taken

ACTION = "ping"
_FIELDS = frozenset({"action", "requestId", "userId"})


def answer_in_hub(fields: dict[str, Any], _message: bytes, session: Session, _later: Later) -> Taken:
    """Answer now, or leave the frame to the handler of Ping."""
    if fields.get("userId", session.user_id) != session.user_id or not is_plain(fields, _FIELDS):
        return Taken.NO
    if not session.limit.admit():
        return Taken.NO
    session.settle()
    session.answer(Pong(request_id=fields.get("requestId")))
    return Taken.NOW
