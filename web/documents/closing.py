"""Why a connection may be closed, and what its client does then."""

from typing import NamedTuple

from web.realtime.handlers.connections import GONE_CODE, LEFT_CODE, REVOKED_CODE, SURPLUS_CODE
from web.realtime.sockets import wire


class CloseCode(NamedTuple):
    """A close code; `comes_back` tells whether its client connects again by itself."""

    code: int
    meaning: str
    comes_back: bool


CLOSE_CODES = (
    CloseCode(1000, "Closed by the client, and answered.", False),
    CloseCode(wire.GOING_AWAY, "Nothing was heard for two pings: 50 s.", True),
    CloseCode(wire.PROTOCOL_ERROR, "A frame breaks the protocol.", True),
    CloseCode(wire.INVALID_TEXT, "A text is not UTF-8.", True),
    CloseCode(wire.POLICY, "A message of too many fragments.", True),
    CloseCode(wire.TOO_BIG, "A message of more than 1 MiB.", True),
    CloseCode(wire.HANDLER_FAILED, "Something went wrong on the platform's side.", True),
    CloseCode(wire.RESTARTING, "The gateway stops; `closing` went before. Another takes the connection.", True),
    CloseCode(wire.SLOW_READER, "The client reads too slowly, or the platform is not ready: again, later.", True),
    CloseCode(REVOKED_CODE, "The sign-in has ended, or its token did and was not renewed: sign in.", False),
    CloseCode(LEFT_CODE, "The person has left the room.", False),
    CloseCode(GONE_CODE, "The room is gone.", False),
    CloseCode(SURPLUS_CODE, "The person opened more connections than are allowed: the oldest is closed.", False),
)


def close_codes() -> list[dict[str, object]]:
    """Return the close codes as the document has them."""
    return [{"code": one.code, "meaning": one.meaning, "reconnect": one.comes_back} for one in CLOSE_CODES]
