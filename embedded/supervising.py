"""Run supervisord for a laptop: `python -m embedded.supervising -n -c supervisord.conf`.

Its pages ask for a password, which a browser remembers: another site's page could then stop programs by an image's
address. So whatever a page of another site causes is refused, and whatever asks for another host than loopback.

What it cannot log is lost: on a full disk it would tell so on standard error, which lies there too, and end of that.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from supervisor import http, loggers, supervisord

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OWN_PAGES = frozenset({"same-origin", "none"})
_FORBIDDEN = 403

Handle = Callable[[Any, Any], None]


def is_ours(header: Iterable[str]) -> bool:
    """Tell by the lines of a request's head whether a program or a page of our own asks."""
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in header)}
    host = fields.get("host", "127.0.0.1")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _LOOPBACK and fields.get("sec-fetch-site", "none") in _OWN_PAGES


def _guarded(handle: Handle) -> Handle:
    def handle_request(handler: Any, request: Any) -> None:
        if is_ours(request.header):
            handle(handler, request)
        else:
            request.error(_FORBIDDEN)

    return handle_request


def lose_what_cannot_be_logged() -> None:
    """Let no handler of logs raise, of supervisord's own and of what programs print; once, at the start."""
    loggers.Handler.handleError = lambda _handler: None
    emit = loggers.RotatingFileHandler.emit

    def emit_or_lose(handler: Any, record: Any) -> None:
        if handler.closed:  # by a rotation that found no room for another file
            with suppress(OSError):
                handler.reopen()
        with suppress(OSError):
            emit(handler, record)

    loggers.RotatingFileHandler.emit = emit_or_lose


def main() -> None:
    """Become supervisord, with its handlers guarded."""
    lose_what_cannot_be_logged()
    guarded = _guarded(http.supervisor_auth_handler.handle_request)
    http.supervisor_auth_handler.handle_request = guarded
    supervisord.main()


if __name__ == "__main__":
    main()
