"""The opening handshake: what an upgrade request must be, what is answered, and what it leaves behind."""

import base64
import binascii
import hashlib
import ssl
from typing import Any, NoReturn

from werkzeug.exceptions import BadRequest, HTTPException

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_VERSION = "13"


class UpgradeRequired(HTTPException):
    """426: this path speaks WebSocket, version 13, and nothing else, as the headers tell the client."""

    code = 426
    description = "This address takes WebSocket connections, version 13, only."

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """Return the headers of the answer; an error handler that writes its own body must carry them over."""
        names = ("Upgrade", "Connection", "Sec-WebSocket-Version")
        return [*super().get_headers(*args, **kwargs), *zip(names, ("websocket", "Upgrade", _VERSION), strict=True)]


def upgrade_required(**_values: Any) -> NoReturn:
    """Refuse a plain request with 426: a Flask view to register on a socket's path with `websocket=False`."""
    raise UpgradeRequired


def check_upgrade(environ: dict[str, Any]) -> None:
    """Raise the HTTP error that an upgrade request deserves, or return if it may be accepted.

    That Connection and Upgrade ask for a WebSocket is taken as known: Werkzeug's routing matched on them.
    """
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        raise BadRequest("A WebSocket opens with GET over HTTP/1.1.")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION", "").strip() != _VERSION:
        raise UpgradeRequired
    if not _is_key(environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip()):
        raise BadRequest("Sec-WebSocket-Key must be 16 bytes in base64.")
    if environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH") not in (None, "", "0"):
        # A body would stand before the first frame, unread, and be taken for one.
        raise BadRequest("An upgrade request has no body.")


def offered_subprotocols(environ: dict[str, Any]) -> list[str]:
    """Return what the client offered in Sec-WebSocket-Protocol, in its order."""
    offers = environ.get("HTTP_SEC_WEBSOCKET_PROTOCOL", "").split(",")
    return [offer.strip() for offer in offers if offer.strip()]


def switching_protocols(environ: dict[str, Any], subprotocol: str | None) -> bytes:
    """Return the 101 answer to a checked request; no extension is ever agreed to.

    Raises ValueError if the subprotocol was not offered: a client would have to fail the connection.
    """
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {_accept(environ['HTTP_SEC_WEBSOCKET_KEY'].strip())}",
    ]
    if subprotocol is not None:
        if subprotocol not in offered_subprotocols(environ):
            raise ValueError("the view chose a subprotocol that the client did not offer")
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def require_clear_text(theirs: Any) -> None:
    """Raise RuntimeError if the server's socket speaks TLS: frames are written beneath it, so in clear text."""
    if isinstance(theirs, ssl.SSLSocket):
        raise RuntimeError("sockets need TLS to be ended by the proxy, not by gunicorn")


def early_bytes(environ: dict[str, Any]) -> bytes:
    """Return, and take, what the client sent behind its request before the answer.

    gunicorn's parser read it together with the request; without this the first frames would be lost. The path
    to it is private: gunicorn is pinned, and a contract test sends such frames.
    """
    body = environ.get("wsgi.input")
    unreader = getattr(getattr(body, "reader", None), "unreader", None)
    if unreader is None:
        raise RuntimeError("gunicorn's request body is not what the pinned version has (http_parser changed?)")
    taken: bytes = unreader.take_buffered()
    return taken


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _accept(key: str) -> str:
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()
