"""gunicorn's gevent worker: it waits for nobody in vain, and its own refusals have the form of ours."""

import time
import uuid
from contextlib import suppress
from socket import SHUT_WR
from types import TracebackType
from typing import Any

import gevent
import orjson
from gunicorn.http import errors
from gunicorn.workers.ggevent import GeventWorker

_NOW = 0.01
LONGEST_ADDRESS = 8_000
"""Bytes of an address, with its query: the same for every method, whatever the line that it stands in is bounded by."""
LINGER_SECONDS = 5.0
LINGER_BYTES = 16 * 1024 * 1024
"""What is read of a body that nobody wanted: a connection that is closed with bytes unread is reset, and the answer
that was on its way may be lost with it. Proxies make a 502 of that."""
_STEP = 64 * 1024

_INVALID = ("INVALID_REQUEST", "The request is not valid.")
_REFUSALS: dict[int, tuple[str, tuple[str, str]]] = {
    400: ("Bad Request", _INVALID),
    403: ("Forbidden", ("FORBIDDEN", "Not allowed")),
    414: ("URI Too Long", ("INVALID_REQUEST", "The address is too long.")),
    417: ("Expectation Failed", ("INVALID_REQUEST", "What the request expects is not offered.")),
    431: ("Request Header Fields Too Large", ("INVALID_REQUEST", "The headers are too large.")),
    500: ("Internal Server Error", ("INTERNAL_SERVER_ERROR", "Something went wrong on our side.")),
    501: ("Not Implemented", ("INVALID_REQUEST", "That transfer coding is not known.")),
}
_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (errors.InvalidResponseHeader, 500),
    (errors.InvalidResponseHeaderName, 500),
    (errors.ConfigurationProblem, 500),
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.ExpectationFailed, 417),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ForbiddenProxyRequest, 403),
    (errors.ParseException, 400),
)


class _Idle(gevent.Timeout):  # type: ignore[misc]
    """The time that a kept-alive connection may wait for its next request; ended early when the worker stops."""

    def __init__(self, seconds: float, waiting: "set[_Idle]") -> None:
        super().__init__(seconds, False)
        self._waiting = waiting
        self.greenlet: Any = None

    def __enter__(self) -> "_Idle":
        self.greenlet = gevent.getcurrent()
        self._waiting.add(self)
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        self._waiting.discard(self)
        ended: bool | None = super().__exit__(kind, value, traceback)
        return ended


class GatewayWorker(GeventWorker):  # type: ignore[misc]
    """Ends idle kept-alive connections when it is told to stop: gunicorn's own waits graceful_timeout for them."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Begin with no connection."""
        super().__init__(*arguments, **named)
        self._waiting: set[_Idle] = set()

    def timeout_ctx(self) -> _Idle:
        """Return the bound on waiting for a connection's next request: none to speak of once the worker stops."""
        return _Idle(self.cfg.keepalive if self.alive else _NOW, self._waiting)

    def end_idle(self) -> None:
        """End the connections that wait for a request; those that serve one go on."""
        for idle in list(self._waiting):
            gevent.kill(idle.greenlet, idle)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer a request, then read what it left of its body, so that the answer arrives."""
        if len(req.uri) > LONGEST_ADDRESS:
            raise errors.LimitRequestLine(len(req.uri), LONGEST_ADDRESS)
        try:
            super().handle_request(listener_name, req, sock, addr)
        finally:
            if sock.fileno() >= 0 and not _is_read(req.body):
                req.body.failed = True  # then gunicorn closes the connection
                _linger(sock)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what the server cannot read, in the one form of all failures."""
        status = next((status for kind, status in _STATUSES if isinstance(exc, kind)), 500)
        if status < 500 or isinstance(exc, errors.UnsupportedTransferCoding):
            self.log.warning("Invalid request from ip=%s: %s", addr[0] if addr else "", type(exc).__name__)
        else:
            self.log.exception("Error handling request")
        with suppress(OSError):
            client.sendall(refusal(status))
        _linger(client)


def refusal(status: int) -> bytes:
    """Return a whole answer with a status of those that are refused before a request can be read."""
    reason, (code, message) = _REFUSALS[status]
    request_id = str(uuid.uuid4())
    body = orjson.dumps({"success": False, "error": code, "message": message, "requestId": request_id})
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {request_id}",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def _is_read(body: Any) -> bool:
    """Read what is left of a body; tell whether it was read to its end."""
    if body.failed:
        return False
    try:
        return _discard(lambda: body.read(_STEP))
    except (errors.ParseException, OSError):
        return False


def _linger(sock: Any) -> None:
    """Say that nothing more comes, and read on for a while, since closing with bytes unread would be a reset."""
    with suppress(OSError):
        sock.shutdown(SHUT_WR)
        _discard(lambda: sock.recv(_STEP))


def _discard(read: Any) -> bool:
    """Read and forget until the end, but not much nor for long; tell whether that came."""
    until = time.monotonic() + LINGER_SECONDS
    left = LINGER_BYTES
    while left > 0:
        with gevent.Timeout(max(0.0, until - time.monotonic()), False):
            part: bytes = read()
            if not part:
                return True
            left -= len(part)
            continue
        return False
    return False
